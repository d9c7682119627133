"""The distributed composition: Elasticsearch, Neo4j and Redis behind the same ports."""
