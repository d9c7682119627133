// The hash that each code stands for.
MATCH (k:FlowKey)
RETURN k.code, k.flow_key
