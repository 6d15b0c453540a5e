"""Application and CredentialApplication."""

from typing import Any

from node.models import Application


def application_entity(app: Application, vapid_key: str) -> dict[str, Any]:
    """As its own tokens may see it."""
    uris = app.redirect_uris.split("\n")
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": app.scopes.split(),
        "redirect_uris": uris,
        "redirect_uri": "\n".join(uris),
        "vapid_key": vapid_key,
    }


def credential_application(app: Application, secret: str, vapid_key: str) -> dict[str, Any]:
    """Told once, when it registers."""
    return application_entity(app, vapid_key) | {
        "client_id": app.client_id,
        "client_secret": secret,
        "client_secret_expires_at": 0,
    }
