// Which policies decided the traffic of some edges, given by their codes.
UNWIND $edges AS code
MATCH ()-[t:TALKS {code: code}]->()
UNWIND t.decided AS d
WITH DISTINCT d
MATCH (p:Policy {code: d / 16})
RETURN p.cluster, p.tier, p.kind, p.namespace, p.name, d % 16
