"""The query language: grammar, syntax tree, field catalogue, completion, predicate."""
