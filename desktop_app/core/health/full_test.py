"""The whole self-test: the short one, and then everything else that the app is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.health.checks import Step, run_steps
from desktop_app.core.health.folder_job import work_on_folder
from desktop_app.core.health.openvino import check_openvino
from desktop_app.core.health.service import ask_service
from desktop_app.core.health.training import train_and_reload
from desktop_app.core.health.window import open_window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.health.checks import Check
    from desktop_app.core.health.self_test import SelfTest


class FullTest:
    """Knows all steps; those of the short test come first, and the others depend on them.

    Args:
        short: The short test.
        home: An empty folder that is the current home folder, see `own_home`.
        make_executor: Makes the threads that decode pictures.
    """

    def __init__(self, short: SelfTest, home: Path, make_executor: MakeExecutor) -> None:
        self._short = short
        self._home = home
        self._make_executor = make_executor

    def steps(self) -> tuple[Step, ...]:
        """All steps, in order."""
        return (
            *self._short.steps(),
            Step("openvino", self._check_openvino),
            Step("training", self._check_training, needs=("pictures",)),
            Step("batch", self._check_batch, needs=("answers",)),
            Step("service", self._check_service, needs=("answers",)),
            Step("window", self._check_window, needs=("pictures", "engine")),
        )

    def run(self) -> Iterator[Check]:
        """Take all steps; none raises."""
        return run_steps(self.steps())

    def _check_openvino(self) -> str:
        return check_openvino(self._home / "network")

    def _check_training(self) -> str:
        folder = self._home / "pictures to learn from"
        return train_and_reload(folder, self._short.pictures, self._make_executor)

    def _check_batch(self) -> str:
        folder = self._home / "many pictures"
        return work_on_folder(folder, self._short.classifier, self._short.predictions, self._make_executor)

    def _check_service(self) -> str:
        picture, prediction = next(iter(self._short.predictions.items()))
        return ask_service(self._home, picture, self._short.classifier.card.id, prediction.top.label)

    def _check_window(self) -> str:
        return open_window(self._home, list(self._short.pictures))
