"""Hubble's exported flows."""
