"""The delivery targets that can be used, with how they stand."""

import structlog

from tapetum.catalog.port import Catalog
from tapetum.domain.delivery_targets import KnownTarget, target_of
from tapetum.domain.documents import DocumentKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.scope import EVERYTHING

log = structlog.get_logger()

MOST = 500


async def known_targets(catalog: Catalog) -> list[KnownTarget]:
    """One of another version's format is passed over."""
    documents = await catalog.documents(EVERYTHING, None, DocumentKind.DELIVERY_TARGET, None, MOST)
    states = {state.target: state for state in await catalog.delivery_states(EVERYTHING)} if documents else {}
    found: list[KnownTarget] = []
    for document in documents:
        try:
            target = target_of(document)
        except BadInputError as error:
            log.warning("a delivery target cannot be used", target=document.id, reason=error.message)
            continue
        found.append(KnownTarget(document, target, states.get(document.id)))
    return found
