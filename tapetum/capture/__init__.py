"""Packet captures: how one is asked for, and what an uploaded one says beside recorded flows. Pure."""
