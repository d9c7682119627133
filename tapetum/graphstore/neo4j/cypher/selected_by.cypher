// Where a policy was seen to apply, by traffic that the caller sees.
MATCH (p:Policy {key: $policy})-[:APPLIES_TO]->(a:Endpoint)
WITH DISTINCT p, a
WHERE EXISTS {
  MATCH (a)-[t:TALKS]-(b:Endpoint)
  WHERE %VISIBLE% AND any(d IN t.decided WHERE d / 16 = p.code
    AND CASE d / 4 % 2 WHEN 0 THEN startNode(t) = a ELSE endNode(t) = a END)
}
RETURN [label IN labels(a) WHERE label <> 'Endpoint'][0], a.cluster, a.namespace, a.name
