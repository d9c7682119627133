// Policies of the codes from `first` to before `last`, in order.
MATCH (p:Policy) WHERE p.code >= $first AND p.code < $last
RETURN p.cluster, p.tier, p.kind, p.namespace, p.name ORDER BY p.code
