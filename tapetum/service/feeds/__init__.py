"""Feeds at work: fetched, kept, matched with what comes in and with what came in."""
