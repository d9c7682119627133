// Which policies decided the traffic from one node to another; a namespace stands for what lives in it.
MATCH (:%FROM% {key: $from})(()<-[:IN]-()){0,1}(a:Endpoint)
MATCH (a)-[t:TALKS]->(b:Endpoint)
WHERE CASE $label
    WHEN 'Namespace' THEN EXISTS { (b)-[:IN]->(:Namespace {key: $to}) }
    ELSE b.key = $to AND $label IN labels(b)
  END AND %VISIBLE%
UNWIND t.decided AS d
WITH DISTINCT d
MATCH (p:Policy {code: d / 16})
RETURN p.cluster, p.tier, p.kind, p.namespace, p.name, d % 16
