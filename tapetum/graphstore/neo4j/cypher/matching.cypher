// Codes of the flow keys that meet a filter.
MATCH (k:FlowKey)
USING INDEX k:FlowKey(code)
WHERE k.code >= $first AND k.code < $last AND %CONDITION%
RETURN collect(k.code)
