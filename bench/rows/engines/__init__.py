"""The rows of the distributed product, over real engines."""
