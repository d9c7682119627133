"""No adapter of a port escapes its contract."""

import pkgutil
from importlib import import_module
from typing import Any

import pytest

from tapetum.bus.port import Bus, Queue
from tapetum.catalog.port import Catalog
from tapetum.graphstore.port import GraphStore
from tapetum.logstore.port import LogStore
from tests.contract.adapters import BUSES, CATALOGS, GRAPH_STORES, LOG_STORES, QUEUES, Adapter


def methods(port: type) -> set[str]:
    return {name for name, value in vars(port).items() if callable(value) and not name.startswith("_")}


def implementers(package: str, port: type) -> set[str]:
    """Modules of the package with a class of their own that has every method of the port."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        for value in vars(import_module(module.name)).values():
            own = isinstance(value, type) and value.__module__ == module.name and value is not port
            if own and methods(port) <= set(dir(value)):
                found.add(module.name)
    return found


@pytest.mark.parametrize(
    ("package", "port", "adapters"),
    [
        ("tapetum.logstore", LogStore, LOG_STORES),
        ("tapetum.graphstore", GraphStore, GRAPH_STORES),
        ("tapetum.catalog", Catalog, CATALOGS),
        ("tapetum.bus", Bus, BUSES),
        ("tapetum.bus", Queue, QUEUES),
    ],
)
def test_every_adapter_is_under_contract(package: str, port: type, adapters: list[Adapter[Any]]) -> None:
    assert methods(port)
    assert implementers(package, port) == {adapter.module for adapter in adapters}
