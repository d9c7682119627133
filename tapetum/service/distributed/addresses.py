"""Where the engines are, from the settings."""

from dataclasses import dataclass

from tapetum.domain.errors import BadInputError
from tapetum.service.settings import URLS, Settings


@dataclass(frozen=True, slots=True)
class Addresses:
    neo4j: str
    neo4j_user: str
    neo4j_password: str | None
    elasticsearch: str
    redis: str


def addresses(settings: Settings) -> Addresses | None:
    """None for the embedded stores; raises BadInputError where only some of the engines are given."""
    names = {url: f"TAPETUM_{url.upper()}" for url in URLS}
    missing = [name for url, name in names.items() if getattr(settings, url) is None]
    if len(missing) == len(names):
        return None
    if settings.neo4j_url is None or settings.elasticsearch_url is None or settings.redis_url is None:
        given = [name for name in names.values() if name not in missing]
        verb = "is" if len(given) == 1 else "are"
        raise BadInputError(
            f"{' and '.join(given)} {verb} set, but not {' and '.join(missing)}; "
            "set all three for the engines, or none for the embedded stores."
        )
    password = settings.neo4j_password
    return Addresses(
        neo4j=settings.neo4j_url,
        neo4j_user=settings.neo4j_user,
        neo4j_password=None if password is None else password.get_secret_value(),
        elasticsearch=settings.elasticsearch_url,
        redis=settings.redis_url,
    )


def needed(settings: Settings, command: str) -> Addresses:
    """The engines' addresses for a command that has no embedded form."""
    found = addresses(settings)
    if found is None:
        names = ", ".join(f"TAPETUM_{url.upper()}" for url in URLS)
        raise BadInputError(
            f"`tapetum {command}` works on the engines; set {names}, "
            "or run everything in one process with `tapetum up`."
        )
    return found
