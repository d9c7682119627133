"""Neo4j as the adapters share it: connections, transactions, migrations. Knows nothing of what is stored."""
