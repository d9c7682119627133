"""Paths of requests against those of rules: what a server would serve decides, not how it is spelled."""

import pytest

from tapetum.policy.evaluate.paths import matches_path, resolved


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/a/", "/a"),
        ("//a//b/./c/", "/a/b/c"),
        ("/a/../../b", "/b"),
        ("/a?b=/../c", "/a"),
        ("/a#b?c", "/a"),
        ("/a%3Fb", "/a?b"),
        ("/%61/%2e%2E/b", "/b"),
        ("/a%2F..%2fb", "/b"),
        ("\\a\\..\\b", "/b"),
        ("/a%5c..%5Cb", "/b"),
        ("/a;x=1/b;y", "/a/b"),
        ("/a/..;x/b", "/b"),
        ("/a/..%3Bx/b", "/b"),
        ("/a%252e%252E/b", None),  # decoded twice it would be another path
        ("/a%252fb", None),
        ("/a%255Cb", None),
        ("/a%25%32%65/b", None),
        ("/a%00/b", None),
        ("/a\0", None),
        ("/%XY", None),
        ("/a%", None),
        ("a/b", None),
        ("http://host/a", None),
        ("*", None),
        ("", None),
    ],
)
def test_paths_are_resolved_as_servers_do(path: str, expected: str | None) -> None:
    assert resolved(path) == expected


@pytest.mark.parametrize(
    ("path", "wanted", "exact", "prefix"),
    [
        ("/a", "/a", True, True),
        ("/a/", "/a", True, True),
        ("/a", "/a/", True, True),
        ("/a/b", "/a", False, True),
        ("/ab", "/a", False, False),
        ("/b", "/", False, True),
        ("/a/../b", "/a", False, False),
        ("/b/../a", "/a", True, True),
        ("/é", "/%C3%A9", True, True),
        ("/a%252e", "/a", False, False),
        ("/a", "/%zz", False, False),
    ],
)
def test_prefixes_end_where_segments_do(path: str, wanted: str, exact: bool, prefix: bool) -> None:
    assert matches_path(path, wanted, prefix=False) is exact
    assert matches_path(path, wanted, prefix=True) is prefix
