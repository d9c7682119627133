"""What every object's metadata holds."""

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.names import is_label_key

DEFAULT_NAMESPACE = "default"
_MOST_ANNOTATED = 256 * 1024
"""Bytes of all annotations of an object, names and values."""


def namespace_of(document: Fields) -> str:
    """A namespaced object that names none lies in `default`, as kubectl has it."""
    metadata = document.fields("metadata")
    return metadata.name("namespace") if metadata.text("namespace") else DEFAULT_NAMESPACE


def check_metadata(metadata: Fields, *, labels: bool) -> None:
    """What an API server has against annotations, and labels where nothing else reads them.

    They decide nothing here, so that even what is no text is forgiven.
    """
    try:
        if labels:
            metadata.labels()
        check_annotations(metadata)
    except Refused as error:
        metadata.forgive(error)


def check_annotations(fields: Fields) -> None:
    size = 0
    for key, value in fields.texts_by_name("annotations").items():
        size += len(key.encode()) + len(value.encode())
        said = f"{shown(key)} cannot be an annotation's name; write it like app.example/note."
        fields.expect(is_label_key(key.lower()), "annotations", said)
    fields.expect(
        size <= _MOST_ANNOTATED,
        "annotations",
        f"they are {size:,} bytes long; {_MOST_ANNOTATED:,} are the most, so shorten them.",
    )
