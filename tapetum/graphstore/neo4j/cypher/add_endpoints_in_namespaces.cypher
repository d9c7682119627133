UNWIND $rows AS row
MATCH (home:Namespace {key: row.home})
CREATE (n:Endpoint:$(row.label) {
  code: row.code, key: row.key, cluster: row.cluster, namespace: row.namespace, name: row.name
})-[:IN]->(home)
