UNWIND $rows AS row
MATCH (a:Endpoint {code: row.source})
MATCH (b:Endpoint {code: row.target})
CREATE (a)-[:TALKS {code: row.code, proto: row.proto, port: row.port, decided: row.decided}]->(b)
