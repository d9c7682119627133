"""The browser that pages are driven in."""

import shutil


def chromium() -> str | None:
    """Its headless shell where there is one, else the whole browser, at twice the work for a page; None:
    neither.
    """
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")
