"""docs/settings.md, made from the settings themselves: what is not documented cannot be set."""

from pydantic_core import PydanticUndefined

from tapetum.service.settings import Settings

_HEAD = """# Settings

Environment variables, or the same names in lower case without the prefix in the TOML file that
`TAPETUM_CONFIG` names; the environment wins, options of a command win over both. This page is made by
`python -m tapetum.service.settings_page`.

| variable | default | what it does |
|---|---|---|
"""


def page() -> str:
    rows: list[str] = []
    for name, field in Settings.model_fields.items():
        default = field.default if field.default is not PydanticUndefined else []
        rows.append(f"| `TAPETUM_{name.upper()}` | `{default}` | {field.description} |")
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page itself
