// What a source called by a service's name, and what answered.
UNWIND $rows AS row
MERGE (c:Cluster {name: row.cluster})
MERGE (n:Namespace {key: row.home})
  ON CREATE SET n.cluster = row.cluster, n.name = row.namespace
MERGE (n)-[:IN]->(c)
MERGE (s:Service {key: row.key})
  ON CREATE SET s.cluster = row.cluster, s.namespace = row.namespace, s.name = row.name
MERGE (s)-[:IN]->(n)
WITH s, row
MATCH (e:Endpoint {code: row.target})
MERGE (s)-[:FRONTS]->(e)
