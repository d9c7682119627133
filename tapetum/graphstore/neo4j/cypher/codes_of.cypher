// Flow keys of a cluster.
MATCH (k:FlowKey {cluster: $cluster})
RETURN collect(k.code)
