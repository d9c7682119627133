"""Security events of several makers, mapped onto one schema."""
