"""A seeded cluster that emits the logs a real one would."""
