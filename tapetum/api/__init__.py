"""GraphQL over HTTP, WebSocket and server-sent events; health and metrics."""

from tapetum.api.app import Api, create_app
from tapetum.api.auth import ANYONE, Authenticator, Caller, Tokens, bearer, issue
from tapetum.api.context import ApiContext, always_ready
from tapetum.api.metrics import Metrics
from tapetum.api.security import HostGuard
from tapetum.api.settings import LOOPBACK_HOSTS, ApiSettings, Limits, Pace

__all__ = [
    "ANYONE",
    "LOOPBACK_HOSTS",
    "Api",
    "ApiContext",
    "ApiSettings",
    "Authenticator",
    "Caller",
    "HostGuard",
    "Limits",
    "Metrics",
    "Pace",
    "Tokens",
    "always_ready",
    "bearer",
    "create_app",
    "issue",
]
