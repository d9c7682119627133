"""Addresses of HTTP that users give: told to be such before anything is asked of them."""

from urllib.parse import urlsplit

_NO_URL = "the address is no URL such as https://feeds.example/list.txt"


def hold_url(url: str, readers: str) -> None:
    """Raises ValueError. `readers` are who sees the document that it stands in."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError(_NO_URL) from None
    if not usable or not url.isprintable() or " " in url:
        raise ValueError(_NO_URL)
    if "@" in parts.netloc:
        raise ValueError(
            f"the address holds a user or a password, which everybody who sees {readers} would see"
        )
