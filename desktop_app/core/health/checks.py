"""The self-test: from the folders to right answers for the sample pictures."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.classify.loader import default_model_id, load_classifier
from desktop_app.core.errors import ModelError, SightlineError, StorageError
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource, printable
from desktop_app.core.library.checksums import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.health.places import Place
    from desktop_app.core.library.store import Library

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """One step of the self-test.

    Attributes:
        ok: Whether it passed.
        seconds: How long it took.
        sentence: What was found, or what went wrong.
        advice: What to do about it; empty when it passed.
    """

    name: str
    ok: bool
    seconds: float
    sentence: str
    advice: str = ""


class SelfTest:
    """Runs the steps in order; each stands on what the ones before it found.

    Args:
        library: Where the models lie.
        places: The user's folders.
        samples: Folder of sample pictures, each named after the class that it shows.
    """

    def __init__(self, library: Library, places: Sequence[Place], samples: Path) -> None:
        self._library = library
        self._places = places
        self._samples = samples
        self._pictures: dict[Path, NDArray[np.uint8]] = {}
        self._classifier: Classifier | None = None

    def run(self) -> Iterator[Check]:
        """Run all steps; none raises.

        Yields:
            One `Check` per step, as soon as it is done.
        """
        steps: dict[str, Callable[[], str]] = {
            "folders": self._check_folders,
            "models": self._check_models,
            "pictures": self._check_pictures,
            "engine": self._check_engine,
            "answers": self._check_answers,
        }
        for name, step in steps.items():
            yield _timed(name, step)

    def _check_folders(self) -> str:
        for place in self._places:
            if not place.writable:
                raise StorageError(
                    f"{printable(str(place.path))} cannot be written to: {place.problem}.",
                    "Give yourself the right to write there, or set SIGHTLINE_HOME to another folder.",
                )
        return f"All {len(self._places)} folders can be written to."

    def _check_models(self) -> str:
        installed = [entry for entry in self._library.entries() if entry.folder is not None]
        for entry in installed:
            if entry.problem:
                raise ModelError(
                    f"The model {entry.model_id} cannot be used: {entry.problem}",
                    f"Remove it ('sightline models remove {entry.model_id}') and install it again.",
                )
            if entry.card and entry.weights and sha256_of(entry.weights) != entry.card.weights_sha256:
                raise ModelError(
                    f"The weights of the model {entry.model_id} are not those that were installed.",
                    f"Remove it ('sightline models remove {entry.model_id}') and install it again.",
                )
        return f"{len(installed)} installed, all usable and unchanged."

    def _check_pictures(self) -> str:
        for path in find_pictures(self._samples):
            self._pictures[path] = load_source(FileSource(path))
        if not self._pictures:
            raise StorageError(
                f"There is no sample picture in {printable(str(self._samples))}.", "Reinstall Sightline."
            )
        return f"{len(self._pictures)} sample pictures decoded."

    def _check_engine(self) -> str:
        classifier = load_classifier(default_model_id(self._library), self._library)
        self._classifier = classifier
        return f"{classifier.card.name} is loaded and runs on the {classifier.device}."

    def _check_answers(self) -> str:
        if self._classifier is None or not self._pictures:
            raise ModelError("Not tried, because an earlier step failed.", "Mend that one first.")
        known = {entry.label for entry in self._classifier.card.classes}
        predictions = self._classifier.predict(list(self._pictures.values()))
        wrong = []
        for path, prediction in zip(self._pictures, predictions, strict=True):
            shown = path.stem
            if shown in known and shown != prediction.top.label:
                wrong.append(f"{prediction.top.label} for {shown}")
        if wrong:
            raise ModelError(f"The model answered {', '.join(wrong)}.", "Reinstall Sightline.")
        return f"{len(predictions)} sample pictures answered."


def _timed(name: str, step: Callable[[], str]) -> Check:
    started = time.perf_counter()
    try:
        sentence, advice, ok = step(), "", True
    except SightlineError as error:
        sentence, advice, ok = str(error), error.advice, False
    except Exception as error:  # whatever it is, the doctor goes on and names it
        log.exception("The step '%s' of the self-test failed", name)
        sentence, advice, ok = f"{type(error).__name__}: {error}", "Please report this.", False
    return Check(name, ok, time.perf_counter() - started, sentence, advice)
