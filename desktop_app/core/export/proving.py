"""Asking the engines about what was written, each in a process of its own."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.export.conversion.formats import FORMATS
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.listening import ExportProgress
from desktop_app.core.export.process import ProcessFailed, asking_command, run_process
from desktop_app.core.export.proof import (
    MOST_APART,
    Compared,
    ExportProof,
    ExportReport,
    HeldAccuracy,
    compare,
)
from desktop_app.core.export.writing_step import (
    EXPECTED_FILE,
    HELD_EXPECTED_FILE,
    HELD_FILE,
    HELD_LABELS_FILE,
    MODEL_FOLDER,
    PICTURES_FILE,
    WHOLE_FOLDER,
)
from desktop_app.core.foundation.text import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.export.conversion.formats import Engine, ExportFormat, ExportPrecision
    from desktop_app.core.export.listening import Listening
    from desktop_app.core.export.writing_step import WritingFacts
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.networks.outputs import Task

_ANSWERS_FILE = "answers.npy"

_ENGINE_NAMES: dict[Engine, str] = {
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "litert": "LiteRT",
    "openvino": "OpenVINO",
    "onnxruntime": "ONNX Runtime",
}


_ANSWERS: dict[Task, str] = {
    "classification": "probabilities",
    "multi-label": "probabilities",
    "regression": "amounts",
    "embedding": "features",
}


class Proving:
    """Asks the engines about what was written, and compares."""

    def __init__(
        self,
        entry: InstalledModel,
        form: ExportFormat,
        precision: ExportPrecision,
        facts: WritingFacts,
        listening: Listening,
    ) -> None:
        self._entry, self._form, self._precision, self._facts = entry, form, precision, facts
        assert entry.card is not None
        self._card = entry.card
        self._listening = listening
        self._folder = listening.folder
        self._not_opened: dict[Engine, str] = {}

    def report(self) -> ExportReport:
        """Prove what was written.

        Raises:
            CannotExport: No engine can open it, or one answers otherwise than Sightline.
            Cancelled: The user cancelled.
        """
        whole: tuple[ExportProof, ...] = ()
        if self._precision != "float32":
            whole = tuple(self._proofs(WHOLE_FOLDER, "float32"))
            self._require(whole, "float32")
        proofs = tuple(self._proofs(MODEL_FOLDER, self._precision))
        self._require(proofs, self._precision)
        limit = MOST_APART[self._precision]
        return ExportReport(
            model=self._entry.model_id,
            weights_sha256=self._card.weights_sha256,
            format=self._form,
            precision=self._precision,
            limit=None if self._precision == "int8" else limit,
            proofs=proofs,
            whole=whole,
            not_opened={_ENGINE_NAMES[each]: said for each, said in self._not_opened.items()},
            accuracy=self._accuracy(),
            accuracy_note=self._facts.held_note,
        )

    def _proofs(self, name: str, precision: ExportPrecision) -> Iterator[ExportProof]:
        expected = np.load(self._folder / EXPECTED_FILE)
        for engine in self._engines():
            try:
                found, version = self._asked(engine, name, PICTURES_FILE)
            except ProcessFailed as error:
                self._not_opened[engine] = str(error)
                continue
            proof = compare(expected, found, version, Compared(self._card, self._facts.reference, precision))
            if proof is None:
                raise CannotExport(
                    f"{self._entry.name} was not exported: {version} opened what was written, and answers "
                    f"something else than {_ANSWERS[self._card.task]}.",
                    "Choose another format.",
                )
            yield proof

    def _require(self, proofs: tuple[ExportProof, ...], precision: ExportPrecision) -> None:
        if not proofs:
            engine, said = next(iter(self._not_opened.items()))
            raise CannotExport(
                f"{self._entry.name} was not exported: {_ENGINE_NAMES[engine]} cannot open what was written "
                f"({said.rstrip('.')}).",
                "Choose another format.",
            )
        for proof in proofs:
            if not proof.holds(precision):
                apart = percent(proof.largest_difference)
                raise CannotExport(
                    f"{self._entry.name} was not exported: {proof.engine} opened the {precision} file, and "
                    f"its {_ANSWERS[self._card.task]} differ from Sightline's by {apart} on "
                    f"{proof.pictures} pictures, more than {100 * MOST_APART[precision]:g}%.",
                    "Choose another format" + (" or precision." if precision != "float32" else "."),
                )

    def _accuracy(self) -> HeldAccuracy | None:
        if not self._facts.held:
            return None
        engine = next(each for each in self._engines() if each not in self._not_opened)
        labels = np.load(self._folder / HELD_LABELS_FILE)
        expected = np.load(self._folder / HELD_EXPECTED_FILE)
        found, _version = self._asked(engine, MODEL_FOLDER, HELD_FILE)
        before, after = (float((rows.argmax(axis=1) == labels).mean()) for rows in (expected, found))
        return HeldAccuracy(pictures=len(labels), before=before, after=after)

    def _asked(self, engine: Engine, name: str, pictures: str) -> tuple[Any, str]:
        model = self._folder / name / FORMATS[self._form].member
        answers = self._folder / _ANSWERS_FILE
        command = asking_command(engine, model, self._folder / pictures, answers)
        words = f"Asking {_ENGINE_NAMES[engine]} about what was written…"
        self._listening.tell(words)

        def count(line: str) -> None:
            match line.split():
                case [done, "of", total, "pictures"]:
                    self._listening.on_progress(ExportProgress(words, int(done), int(total)))

        version = run_process(command, self._folder, self._listening.cancel, count)
        return np.load(answers), version

    def _engines(self) -> list[Engine]:
        """Those that may open the format, ONNX Runtime only where somebody has installed it."""
        engines = FORMATS[self._form].engines
        return [
            each for each in engines if each != "onnxruntime" or importlib.util.find_spec(each) is not None
        ]
