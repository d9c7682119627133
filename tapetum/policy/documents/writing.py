"""Plain objects to YAML as people write it: blocks, the usual members first, no anchors."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

_FIRST = ("apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations", "spec")


_NUMBERISH = re.compile(r"[-+.\d]")


class _Dumper(yaml.CSafeDumper):
    """Quotes what some readers would take for a number; nothing is shared, each place is written out."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _quoted(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _NUMBERISH.match(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def written_yaml(document: Mapping[str, Any]) -> str:
    """`documents.read` gives it back."""
    return dumped(_ordered(document))


def dumped(value: Any) -> str:
    """In the order that it has; lines are broken nowhere."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=1_000, allow_unicode=True)


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
        return {name: _ordered(value[name]) for name in names}
    return [_ordered(each) for each in value] if isinstance(value, list) else value
