"""Where deliveries come from; each source is confined to its module."""
