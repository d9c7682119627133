"""Values and pure rules; imports nothing of ours."""
