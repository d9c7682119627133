"""Captured packets read from files that nobody vouches for."""

from tapetum.capture.pcap.summary import Limits, summarise

__all__ = ["Limits", "summarise"]
