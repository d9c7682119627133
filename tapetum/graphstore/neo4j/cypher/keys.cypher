// Flow keys of the codes from `first` to before `last`, in order.
MATCH (k:FlowKey) WHERE k.code >= $first AND k.code < $last
RETURN %COLUMNS% ORDER BY k.code
