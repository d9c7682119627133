"""docs/settings.md is what the settings say of themselves."""

from pathlib import Path

from tapetum.service.settings import Settings
from tapetum.service.settings_page import page

ROOT = Path(__file__).parents[2]


def test_the_committed_page_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == page()


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())
