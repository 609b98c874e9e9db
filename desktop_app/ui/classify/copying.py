"""A result as text for the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import percent

if TYPE_CHECKING:
    from desktop_app.workers.classify.messages import Item


def result_text(item: Item) -> str:
    """Format one line per label, or the reason of a failure; empty while the picture waits.

    A picture that is unlike the training pictures has a line more, which says so.
    """
    if item.answer is not None:
        prediction = item.answer.prediction
        lines = [f"Unlike anything {item.answer.model_name} was trained on"] if prediction.unlike else []
        lines += [f"{scored.readable} {percent(scored.probability)}" for scored in prediction.labels]
        return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    if item.reason is not None:
        return f"{item.source.text}: {item.reason.sentence}"
    return ""
