"""Settings, composition, upkeep, the command."""
