// Where policies were seen to apply.
UNWIND $rows AS row
MATCH (p:Policy {code: row.policy})
MATCH (n:Endpoint {code: row.endpoint})
MERGE (p)-[:APPLIES_TO {side: row.side}]->(n)
