"""What tests of exports share: a file from the menu, and the words of a picture."""

from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import Page


def exported(page: Page, form: str) -> Path:
    page.get_by_test_id("export-view").click()
    with page.expect_download() as download:
        page.get_by_test_id(f"export-{form}").click()
    assert download.value.suggested_filename.endswith(f".{form}")
    page.keyboard.press("Escape")
    page.get_by_test_id(f"export-{form}").wait_for(state="hidden")
    return Path(download.value.path())


def texts(svg: Path) -> list[str]:
    root = ET.parse(svg).getroot()  # noqa: S314 - ours, and what is tested
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]
