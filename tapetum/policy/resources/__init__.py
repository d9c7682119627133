"""Validated, frozen values for each kind of document that decides, or helps to decide, a connection."""
