"""Saved state: clusters, tokens."""
