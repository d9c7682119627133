"""What an engine's address may look like, so that no driver stumbles over one.

No sentence of this module repeats an address: there may be a password in it.
"""

import re
from dataclasses import dataclass

_HOST = r"(?:\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]]+)"
_USER = r"(?:[^\s/?#@\[\]]+@)?"
_PORT = r":(?P<port>\d{1,5})"
_TLS = r"\?(?:ssl_(?:cert_reqs|ca_certs|certfile|keyfile|check_hostname)=[^&#\s]*&?)+"
_HIGHEST = 65_535
_SIGNS = "signs like / @ : # in a password are written as %2F %40 %3A %23"


@dataclass(frozen=True, slots=True)
class _Form:
    pattern: re.Pattern[str]
    how: str


_FORMS = {
    "neo4j_url": _Form(
        re.compile(rf"(?:bolt|neo4j)(?:\+s|\+ssc)?://{_HOST}(?:{_PORT})?/?"),
        "write it as bolt://HOST:7687, or bolt+s:// with TLS; "
        "the user and the password are TAPETUM_NEO4J_USER and TAPETUM_NEO4J_PASSWORD",
    ),
    "elasticsearch_url": _Form(
        re.compile(rf"https?://{_USER}{_HOST}{_PORT}(?:/[^\s?#]*)?"),
        f"write it with its port, as http://USER:PASSWORD@HOST:9200; {_SIGNS}",
    ),
    "redis_url": _Form(
        re.compile(rf"redis(?P<tls>s)?://{_USER}{_HOST}(?:{_PORT})?(?:/\d*)?(?(tls)(?:{_TLS})?)"),
        f"write it as redis://USER:PASSWORD@HOST:6379/0, or rediss:// with TLS; {_SIGNS}",
    ),
}


def checked(setting: str, url: str) -> str:
    """The address; raises ValueError with how it is written."""
    form = _FORMS[setting]
    found = form.pattern.fullmatch(url)
    if found is None or int(found["port"] or 0) > _HIGHEST:
        raise ValueError(form.how)
    return url
