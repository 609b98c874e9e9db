"""The options of the service."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.service.limits import DEFAULT_THREADS, MAX_THREADS, MIN_THREADS

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5432


class ServiceError(SightlineError):
    """The service cannot start as it was asked to."""


class PortTaken(ServiceError):
    """Another program listens there already."""


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """How the service listens, and for whom.

    Attributes:
        host: The name or address to listen on.
        port: The port; 0 takes a free one.
        model_id: The model for requests that name none; None takes the default model.
        token: The token that every request must send; empty if none is needed.
        open_to_all: Whether to listen on an address that others can reach without a token.
        allowed_hosts: The other names of the service, in lower case, without a port.
        allow_private_hosts: Whether links may lead to this computer and the local network.
        threads: The number of requests at the same time, those about the service's state included.
    """

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    model_id: str | None = None
    token: str = ""
    open_to_all: bool = False
    allowed_hosts: tuple[str, ...] = ()
    allow_private_hosts: bool = False
    threads: int = DEFAULT_THREADS

    def check(self) -> None:
        """Refuse what would be unsafe or cannot work.

        Raises:
            ServiceError: Others could reach the service without a token, or a value is out of range.
        """
        if not is_loopback(self.host) and not self.token and not self.open_to_all:
            raise ServiceError(
                f"Other computers could ask at {self.host}, so the service needs a token.",
                "Set SIGHTLINE_TOKEN or give --token; --no-token lets everybody ask.",
            )
        if self.token and not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
            raise ServiceError(
                "The token cannot be sent in a request.",
                "Use letters, digits and signs of ASCII, without spaces.",
            )
        if not MIN_THREADS <= self.threads <= MAX_THREADS:
            raise ServiceError(
                f"The service cannot run with {self.threads} threads.",
                f"Give from {MIN_THREADS} to {MAX_THREADS}.",
            )


def new_token() -> str:
    """Make a token that nobody guesses: 144 random bits in letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(18)


def is_loopback(host: str) -> bool:
    """Whether only programs on this computer can reach an address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_wildcard(host: str) -> bool:
    """Whether it stands for every address of this computer."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
