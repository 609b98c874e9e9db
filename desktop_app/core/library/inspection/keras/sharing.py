"""Objects that a configuration mentions several times under one number."""

from __future__ import annotations

from typing import Any

from desktop_app.core.library.inspection.containers.refusal import refuse


def check_shared(document: Any) -> None:
    """Check that everything with the same ``shared_object_id`` is described in the same words.

    Keras creates such an object once and uses it everywhere, whatever the other descriptions say.

    Raises:
        ModelError: Two different things have the same number.
    """
    met: dict[Any, Any] = {}
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            number = value.get("shared_object_id")
            if number is None:
                continue
            if not isinstance(number, int):
                refuse("the number of a shared object is not a number")
            first = met.setdefault(number, value)
            if _essence(first) != _essence(value):
                refuse("two different objects claim to be the same")


def _essence(value: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(value.get(key) for key in ("module", "class_name", "config", "registered_name"))
