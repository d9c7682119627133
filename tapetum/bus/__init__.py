"""The Bus port and its adapters: live fan-out."""
