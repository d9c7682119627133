"""The embedded engine that the embedded adapters share: one DuckDB file, one writer, many readers."""
