"""Indicator feeds: reading them, matching records by column, fetching them."""
