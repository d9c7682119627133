"""Goldmane's flows in their three JSON spellings."""
