"""Rules and detectors as pure steps."""
