"""One statement a file, named as what asks it."""
