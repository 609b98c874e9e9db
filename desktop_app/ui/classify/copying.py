"""A result as text for the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import percent

if TYPE_CHECKING:
    from desktop_app.workers.classify.messages import Item


def result_text(item: Item) -> str:
    """Format one line per label, or the reason of a failure; empty while the picture waits.

    The first line is the kind where that is read first, or says that the picture is unlike the training
    pictures.
    """
    if item.answer is not None:
        prediction = item.answer.prediction
        several = prediction.task == "multi-label"
        lines = [prediction.sentence] if prediction.leading_kind is not None else []
        lines = [prediction.name] if several else lines
        if prediction.unlike:
            lines = [f"Unlike anything {item.answer.model_name} was trained on"]
        lines += [f"{scored.readable} {percent(scored.probability)}" for scored in prediction.labels]
        lines += [each.words for each in prediction.amounts]
        return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    if item.reason is not None:
        return f"{item.source.text}: {item.reason.sentence}"
    return ""
