"""The errors that a person may read.

Each message is a whole sentence that says what happened and to what; ``advice`` says what to do next.
Anything else that is raised is a defect and ends in the crash dialog or a traceback.
"""

from __future__ import annotations


class SightlineError(Exception):
    """An error whose text is meant for a person.

    Attributes:
        advice: What to do next, as a sentence; empty when there is nothing to add.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


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
