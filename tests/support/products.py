"""Tests that hold for the product however it is composed."""

import pytest

everywhere = pytest.mark.parametrize(
    "served",
    ["embedded", pytest.param("replica", marks=pytest.mark.engine)],
    indirect=True,
    scope="session",
)
"""Runs a test that takes `served` on the embedded product and on a replica over the engines."""

every_demo = pytest.mark.parametrize(
    "demo",
    ["embedded_demo", pytest.param("distributed_demo", marks=pytest.mark.engine)],
    indirect=True,
    scope="session",
)
"""Runs a test that takes `demo` on `tapetum up --demo` and on a replica that is fed through another."""
