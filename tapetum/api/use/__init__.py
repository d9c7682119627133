"""Use cases: what is asked of the ports, between the schema's arguments and its types."""
