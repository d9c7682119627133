"""What every object's metadata holds."""

from tapetum.policy.resources.fields import Fields

DEFAULT_NAMESPACE = "default"


def namespace_of(document: Fields) -> str:
    """A namespaced object that names none lies in `default`, as kubectl has it."""
    metadata = document.fields("metadata")
    return metadata.name("namespace") if metadata.text("namespace") else DEFAULT_NAMESPACE
