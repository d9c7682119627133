"""Whose word for a server counts: the public authorities', and those of a file that the settings name."""

import ssl
from functools import cache
from pathlib import Path

import httpx

from tapetum.domain.errors import BadInputError


@cache
def certificates(authorities: Path | None = None) -> ssl.SSLContext:
    """Read once: that takes longer than a request. `authorities` are certificates in PEM, trusted too.

    Raises BadInputError where the file has none.
    """
    context = httpx.create_ssl_context()
    if authorities is not None:
        try:
            context.load_verify_locations(authorities)
        except OSError as error:  # also where it is no PEM
            reason = (
                (error.strerror or str(error))
                if not isinstance(error, ssl.SSLError)
                else "no certificate in PEM"
            )
            raise BadInputError(f"The authorities in {authorities} cannot be read: {reason}.") from error
    return context


def distrust(error: BaseException | None) -> str | None:
    """What to say where it came of a certificate that nobody trusted; else None."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    if error is None:
        return None
    return (
        f"The receiver's certificate is not trusted ({error.verify_message.rstrip('.')}); let a known "
        "authority sign it, or name its own in TAPETUM_OUTBOUND_AUTHORITIES."
    )
