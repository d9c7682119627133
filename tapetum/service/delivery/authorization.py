"""The header that says who we are: by user and password, or by a token."""

from base64 import b64encode


def authorization(user: str | None, secret: str | None) -> dict[str, str]:
    if secret is None:
        return {}
    if user is None:
        return {"Authorization": f"Bearer {secret}"}
    return {"Authorization": f"Basic {b64encode(f'{user}:{secret}'.encode()).decode()}"}
