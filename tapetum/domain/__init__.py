"""Values and pure rules: flows, endpoints, verdicts, ranges, scopes. Imports nothing of ours."""
