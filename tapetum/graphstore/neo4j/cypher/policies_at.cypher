// Which policies were applied at a node: of what it sent those on egress, of what it got those on ingress.
MATCH (:%AT% {key: $at})(()<-[:IN]-()){0,1}(a:Endpoint)
MATCH (a)-[t:TALKS]-(b:Endpoint)
WHERE %VISIBLE%
UNWIND t.decided AS d
WITH a, t, d
WHERE CASE d / 4 % 2 WHEN 0 THEN startNode(t) = a ELSE endNode(t) = a END
WITH DISTINCT d
MATCH (p:Policy {code: d / 16})
RETURN p.cluster, p.tier, p.kind, p.namespace, p.name, d % 16
