UNWIND $rows AS row
MERGE (c:Cluster {name: row.cluster})
MERGE (t:Tier {key: row.home})
  ON CREATE SET t.cluster = row.cluster, t.name = row.tier
MERGE (t)-[:IN]->(c)
CREATE (:Policy {
  code: row.code, key: row.key, cluster: row.cluster, tier: row.tier, kind: row.kind,
  namespace: row.namespace, name: row.name
})-[:IN]->(t)
