"""The process that tries models: a question on each line of its input, a reply on each line of its output."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TextIO

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.trial.messages import Question, Reply, refusal
from desktop_app.core.trial.opened_model import OpenedModel

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.trial.messages import TrialSubject

_log = logging.getLogger(__name__)


def serve_trials(questions: TextIO, replies: TextIO, folder: Path) -> None:
    """Answer questions until there are no more.

    Args:
        questions: Lines of `Question.line`.
        replies: Stream for lines of `Reply.line`, or of `refusal`.
        folder: An empty folder for copies of the models; whoever asks removes it.
    """
    opened: tuple[TrialSubject, OpenedModel] | None = None
    count = 0
    for line in questions:
        question = Question.read(line)
        try:
            if opened is None or opened[0] != question.subject:
                opened, count = None, count + 1
                place = folder / str(count)
                place.mkdir()
                opened = (question.subject, OpenedModel(question.subject, place))
            said = _reply(opened[1], question).line()
        except SightlineError as error:
            said = refusal(error)
        except MemoryError:
            said = refusal(SightlineError("There is too little memory to try the model."))
        replies.write(f"{said}\n")
        replies.flush()


def _reply(model: OpenedModel, question: Question) -> Reply:
    best = model.best(question.given, question.pictures)
    if question.leading is None:
        return Reply(best)
    return Reply(best, model.clue(question.given, question.pictures, question.leading or None))
