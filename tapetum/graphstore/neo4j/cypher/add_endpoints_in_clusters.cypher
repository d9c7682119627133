UNWIND $rows AS row
MERGE (home:Cluster {name: row.cluster})
CREATE (n:Endpoint:$(row.label) {code: row.code, key: row.key, cluster: row.cluster, name: row.name})
CREATE (n)-[:IN]->(home)
