"""Requests to addresses that users name: which may be reached, and how they are made."""
