"""The `tapetum` command's verbs, one a module."""
