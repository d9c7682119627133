// Flow keys of the codes from `first` to before `last`, in order, as columns: a third of the time of rows.
MATCH (k:FlowKey) WHERE k.code >= $first AND k.code < $last
WITH k ORDER BY k.code
WITH collect(k) AS keys
RETURN %COLUMNS%
