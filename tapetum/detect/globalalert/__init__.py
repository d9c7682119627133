"""Alerts of Calico Enterprise and Cloud, translated into alert rules. Reads no text and keeps nothing."""

from tapetum.detect.globalalert.resource import KINDS, translated

__all__ = ["KINDS", "translated"]
