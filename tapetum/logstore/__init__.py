"""The LogStore port and its adapters: records of every kind, alerts among them."""
