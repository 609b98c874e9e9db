"""The errors that a person may read.

Each carries a `Reason`: what happened and to what, and what to do next, as whole sentences.
Anything else that is raised is a defect and ends in the crash dialog or a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Reason:
    """What happened, and what to do about it.

    The two stay apart until somebody reads them: some places show them in two lines, others as one sentence.

    Attributes:
        text: What happened and to what, as a sentence.
        advice: What to do next, as a sentence; empty when there is nothing to add.
        offer: What the app can do about it itself: "crops" of what is in the boxes of a data set.
    """

    text: str
    advice: str = ""
    offer: Literal["", "crops"] = ""

    @classmethod
    def of_defect(cls, work: str, error: Exception, advice: str = "") -> Self:
        """Say that work ended in an error that nobody foresaw.

        Args:
            work: The work that failed, as the beginning of a sentence: "The export".
            error: The exception that ended it.
            advice: What to do next.
        """
        return cls(f"{work} failed: {error}.", advice)

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.text} {self.advice}".strip()


class SightlineError(Exception):
    """An error whose text is meant for a person.

    Args:
        message: What happened and to what, as a sentence.
        advice: What to do next, as a sentence; empty when there is nothing to add.

    Attributes:
        reason: Both of them.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.reason = Reason(message, advice)

    @property
    def advice(self) -> str:
        """What to do next; empty when there is nothing to add."""
        return self.reason.advice


class UsageError(SightlineError):
    """What is asked for makes no sense: nothing has this id, no such name can be given, words contradict."""


class UnreadableImage(SightlineError):
    """A picture could not be decoded; the message is the reason, without the picture's name."""


class LinkError(UnreadableImage):
    """A link was refused or did not deliver a picture."""


class LinkTimeout(LinkError):
    """A link's server took too long."""


class PrivateHostError(LinkError):
    """A link leads to this computer or a private network, and that was not allowed."""


class ModelError(SightlineError):
    """A model is missing, damaged, refused or does not fit its card."""


class UnknownModel(ModelError, UsageError):
    """No model has this id."""


class DownloadError(SightlineError):
    """A download failed; what arrived so far is kept for the next try unless it was wrong."""


class StorageError(SightlineError):
    """Writing failed: no space, no permission, read-only or vanished."""


class DamagedInstallation(SightlineError):
    """Something that ships with the app is not there or cannot be read."""


class Cancelled(Exception):
    """The user cancelled the work."""
