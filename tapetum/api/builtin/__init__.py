"""Dashboards and presets that come with the product: one JSON document a file, named as its id."""
