"""Tests that hold for the product however it is composed."""

import pytest

everywhere = pytest.mark.parametrize(
    "served",
    ["embedded", pytest.param("replica", marks=pytest.mark.engine)],
    indirect=True,
    scope="session",
)
"""Runs a test that takes `served` on the embedded product and on a replica over the engines."""
