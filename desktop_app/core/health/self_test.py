"""The short self-test: from the folders to right predictions for the sample pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.classify.loader import default_model_id, load_classifier
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.foundation.text import printable
from desktop_app.core.health.checks import Step, run_steps
from desktop_app.core.health.files import check_files
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.feature_bank import DamagedBank, read_bank
from desktop_app.core.library.store import Library

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.classify.prediction import Prediction
    from desktop_app.core.health.checks import Check
    from desktop_app.core.health.places import Place

IMAGENET_ANSWERS = {"cat": "Egyptian_cat", "coffee": "espresso", "dandelion": "daisy"}
"""ImageNet's class for what a sample photograph is named after, where it has one of another name."""


class SelfTest:
    """Knows the steps; later ones use what earlier ones found.

    Args:
        places: The user's folders.
        library: Library of models; by default those of the user and of the app.
        samples: Folder of sample pictures, each named after what it shows; by default the app's.
    """

    def __init__(
        self, places: Sequence[Place], library: Library | None = None, samples: Path | None = None
    ) -> None:
        self._places = places
        self._library = library
        self._samples = samples
        self.pictures: dict[Path, NDArray[np.uint8]] = {}
        """The sample pictures, RGB ``(H, W, 3)`` each, once they are decoded."""
        self.predictions: dict[Path, Prediction] = {}
        """The model's predictions for them, once they are made."""
        self._classifier: Classifier | None = None

    @property
    def library(self) -> Library:
        """The library of models.

        Raises:
            DamagedInstallation: The folder of the models that ship with the app is gone.
        """
        if self._library is None:
            self._library = Library.default()
        return self._library

    @property
    def classifier(self) -> Classifier:
        """The default model, for steps that need ``engine``."""
        assert self._classifier is not None
        return self._classifier

    def steps(self) -> tuple[Step, ...]:
        """All steps, in order."""
        return (
            Step("folders", self._check_folders),
            Step("models", self._check_models),
            Step("files", self._check_files),
            Step("pictures", self._check_pictures),
            Step("engine", self._check_engine),
            Step("answers", self._check_answers, needs=("pictures", "engine")),
        )

    def run(self) -> Iterator[Check]:
        """Take all steps; none raises."""
        return run_steps(self.steps())

    def _check_folders(self) -> str:
        for place in self._places:
            if not place.writable:
                raise StorageError(
                    f"{printable(str(place.path))} cannot be written to: {place.problem}.",
                    "Give yourself the right to write there, or set SIGHTLINE_HOME to another folder.",
                )
        return f"All {len(self._places)} folders can be written to."

    def _check_models(self) -> str:
        installed = [entry for entry in self.library.entries() if entry.folder is not None]
        for entry in installed:
            advice = (
                "Reinstall Sightline."
                if entry.shipped
                else f"Remove it ('sightline models remove {entry.model_id}') and install it again."
            )
            if entry.problem:
                raise ModelError(
                    f"The model {entry.model_id} cannot be used: {entry.problem.rstrip('.')}.", advice
                )
            if entry.card and entry.weights and sha256_of(entry.weights) != entry.card.weights_sha256:
                raise ModelError(
                    f"The weights of the model {entry.model_id} are not those that were installed.", advice
                )
            try:
                read_bank(entry)
            except DamagedBank as error:
                raise ModelError(
                    f"The features of the model {entry.model_id} are damaged: {error.what}.", advice
                ) from error
        return f"{len(installed)} installed, all usable and unchanged."

    def _check_files(self) -> str:
        return check_files(self._folder)

    def _check_pictures(self) -> str:
        folder = self._folder
        for path in find_pictures(folder):
            self.pictures[path] = load_source(FileSource(path))
        if not self.pictures:
            raise StorageError(
                f"There is no sample picture in {printable(str(folder))}.", "Reinstall Sightline."
            )
        return f"{len(self.pictures)} sample pictures decoded."

    @property
    def _folder(self) -> Path:
        return self._samples or paths.resources() / "samples"

    def _check_engine(self) -> str:
        classifier = load_classifier(default_model_id(self.library), self.library)
        self._classifier = classifier
        return f"{classifier.card.name} is loaded and runs on the {classifier.device}: {classifier.by.words}."

    def _check_answers(self) -> str:
        known = {entry.label for entry in self.classifier.card.classes}
        predictions = self.classifier.predict(list(self.pictures.values()))
        self.predictions = dict(zip(self.pictures, predictions, strict=True))
        wrong = []
        for path, prediction in self.predictions.items():
            expected = {path.stem, IMAGENET_ANSWERS.get(path.stem, path.stem)} & known
            if expected and prediction.top.label not in expected:
                wrong.append(f"{prediction.top.label} for {path.stem}")
        if wrong:
            raise ModelError(f"The model predicted {', '.join(wrong)}.", "Reinstall Sightline.")
        return f"{len(predictions)} sample pictures classified."
