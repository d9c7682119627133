"""Plain objects to YAML as people write it: blocks, the usual members first, no anchors."""

from collections.abc import Mapping
from typing import Any

import yaml

_FIRST = ("apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations", "spec")


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        del data  # nothing is shared: each place is written out
        return True


def written_yaml(document: Mapping[str, Any]) -> str:
    """`documents.read` gives it back."""
    text: str = yaml.dump(
        _ordered(document),
        Dumper=_Plain,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=120,
    )
    return text


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
        return {name: _ordered(value[name]) for name in names}
    return [_ordered(each) for each in value] if isinstance(value, list) else value
