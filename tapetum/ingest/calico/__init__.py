"""Calico flow log lines: `record` reads one exactly, `bulk` reads many at once to the same verdict."""
