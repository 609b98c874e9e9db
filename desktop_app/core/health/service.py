"""The step of the self-test that sends a picture to the local API."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.child import LIMIT_SECONDS, Child
from desktop_app.core.service.models import LOADING
from desktop_app.core.service.openapi import CLASSIFY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_RETRY_SECONDS = 0.2


def ask_service(
    folder: Path, picture: Path, model_id: str, label: str, *, start: Callable[..., Child] = Child
) -> str:
    """Start the service on a free port of this computer, send it a picture, and stop it.

    Args:
        folder: Folder for its output.
        picture: A JPEG file.
        model_id: The model to use.
        label: The label that the model is known to predict.
        start: Function that starts Sightline once more.

    Returns:
        What was done, as a sentence.

    Raises:
        CheckFailed: It did not start, respond or stop, or predicted another label.
    """
    words = ("serve", "--port", "0", "--model", model_id)
    with start(*words, output=folder / "service.txt", SIGHTLINE_TOKEN="") as service:
        address = service.wait_for(r"http://[0-9.]+:[0-9]+")
        while LOADING in _ask(address, "GET", "/readyz")[1].get("error", ""):
            service.pause(_RETRY_SECONDS)
        status, answer = _ask(address, "POST", CLASSIFY, picture.read_bytes())
        service.stop()
    if status != http.client.OK:
        raise CheckFailed(
            f"The local API answered {status}: {answer.get('error', 'nothing')}", answer.get("advice", "")
        )
    if answer.get("message") != label:
        raise CheckFailed(
            f"The local API predicted {answer.get('message')} for {picture.name}, not {label}.",
            "Please report this.",
        )
    return f"The local API answered a request over HTTP: {picture.name} shows '{label}'."


def _ask(address: str, method: str, path: str, picture: bytes | None = None) -> tuple[int, dict[str, Any]]:
    """Send a request without any proxy; returns the status and the document."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=LIMIT_SECONDS)
    try:
        connection.request(method, path, picture, {"Content-Type": "image/jpeg"})
        response = connection.getresponse()
        return response.status, dict(json.loads(response.read()))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CheckFailed(
            f"The local API did not answer as it should: {error}.",
            "Another program, such as a firewall, may keep it from listening on this computer.",
        ) from error
    finally:
        connection.close()
