// Which policies were applied at some endpoints, given by their codes, as policies_at has it of one node.
UNWIND $behind AS code
MATCH (a:Endpoint {code: code})
MATCH (a)-[t:TALKS]-(b:Endpoint)
WHERE %VISIBLE%
UNWIND t.decided AS d
WITH a, t, d
WHERE CASE d / 4 % 2 WHEN 0 THEN startNode(t) = a ELSE endNode(t) = a END
WITH DISTINCT d
MATCH (p:Policy {code: d / 16})
RETURN p.cluster, p.tier, p.kind, p.namespace, p.name, d % 16
