"""What Tapetum must reach, measured beside a floor or peer from the same run (docs/benchmarks.md)."""
