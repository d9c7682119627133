"""Names that stand for too much to be listed: all below a public suffix, or the inside of networks."""

from functools import cache

from publicsuffixlist import PublicSuffixList

from tapetum.detect.detectors.names import outside


@cache
def _list() -> PublicSuffixList:
    """The copy that the library carries: nothing is fetched."""
    return PublicSuffixList()


def too_broad(name: str) -> str | None:
    """Why, of a name in canonical text; None where it is not."""
    if not outside(name):
        return 'a name inside of a network, which only a feed with "private": true may list'
    if _list().is_public(name):
        return 'a public suffix, below which anybody registers; only a feed with "private": true may list it'
    return None
