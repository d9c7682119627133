UNWIND $rows AS row
MERGE (c:Cluster {name: row.cluster})
MERGE (n:Namespace {key: row.key})
  ON CREATE SET n.cluster = row.cluster, n.name = row.name
MERGE (n)-[:IN]->(c)
