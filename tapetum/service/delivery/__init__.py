"""Alerts on their way out: put into each receiver's words, sent, and tried again until they are taken."""
