"""Schema changes, numbered; recorded in the database as they are applied."""
