"""One module a row of the table in DESIGN 5; each has `run(setting)`, which gives its figures."""
