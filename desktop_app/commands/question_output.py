"""Questions about a data set, as lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.datasets.question import Question


def question_lines(question: Question) -> Iterator[str]:
    """Write what was seen, the question, and each answer with its option, the most likely one first.

    For a question that can wait, how the data are read meanwhile comes in place of what was seen.
    """
    reason = question.reason if question.required else f"{question.reason} {question.standing}".strip()
    if reason:
        yield printable(reason)
    yield printable(question.text)
    width = max((len(choice.option) for choice in question.choices), default=0)
    for number, choice in enumerate(question.choices):
        detail = f" ({choice.detail.rstrip('.')})" if choice.detail else ""
        suggested = " [suggested]" if question.proposed and number == 0 else ""
        yield printable(f"  {choice.option:<{width}}  {choice.text}{detail}{suggested}")
    how = "Add one of these options" if question.required else "To choose, add one of these options"
    yield f"{how}; the answer is remembered for these data."
