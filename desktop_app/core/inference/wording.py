"""Sentences that both engines need."""

from __future__ import annotations

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import counted


class OutOfMemory(ModelError):
    """There is no memory for a network now; another time there may be."""


def processor_name() -> str:
    """Say in words where a network runs that no GPU runs."""
    return f"CPU ({counted(cpu_count(), 'core')})"


def out_of_memory(name: str, device: str) -> ModelError:
    """The error of a network that there is no memory for."""
    return OutOfMemory(
        f"There is not enough memory to run {name} on {device}.",
        "Close other programs, or choose a smaller model.",
    )


def failed(name: str, reason: str) -> ModelError:
    """The error of a network that an engine cannot run."""
    return ModelError(
        f"{name} cannot classify pictures: {reason}.",
        "Its layers and its card do not fit together, or this computer cannot run it: choose another model.",
    )
