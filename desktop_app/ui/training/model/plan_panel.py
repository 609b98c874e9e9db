"""The plan: the name of the training, the size of its network, and how long it will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import breakable
from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.ui.common.controls.widgets import heading, label, set_tone, vertical
from desktop_app.ui.training.model.weights_offer import WeightsOffer

if TYPE_CHECKING:
    from desktop_app.core.training.outcome.estimate import Estimate
    from desktop_app.workers.classify.messages import TransferProgress

_WORKING = "estimating…"


class PlanPanel(QWidget):
    """Name, figures, and the problem if there is one.

    Attributes:
        weights: The offer of the published weights.
    """

    def __init__(self) -> None:
        super().__init__()
        self._suggested = ""
        self._needs_download = self._untrained = False
        self._name = QLineEdit()
        self._name.setMaxLength(MAX_NAME)
        self._name.setAccessibleName("Name of the model")
        self._parameters = label()
        self._features = label()
        self._epoch = label()
        self._fine_tuning = label()
        self._whole = label()
        self._problem = label(tone="danger", wrap=True)
        self._advice = label(tone="muted", wrap=True)
        self.weights = WeightsOffer()

        facts = QGridLayout()
        facts.setHorizontalSpacing(16)
        facts.setVerticalSpacing(4)
        facts.setColumnStretch(1, 1)
        rows = (
            ("Parameters", self._parameters),
            ("Features", self._features),
            ("One epoch", self._epoch),
            ("Fine-tuning", self._fine_tuning),
            ("Total time", self._whole),
        )
        self._names = {value: label(word, tone="muted") for word, value in rows}
        for row, (value, name) in enumerate(self._names.items()):
            facts.addWidget(name, row, 0)
            facts.addWidget(value, row, 1)
        layout = vertical(self, spacing=12)
        layout.addWidget(heading("The model", factor=1.1))
        named = vertical(spacing=4)
        named.addWidget(label("Name"))
        named.addWidget(self._name)
        layout.addLayout(named)
        layout.addLayout(facts)
        layout.addWidget(self._problem)
        layout.addWidget(self._advice)
        layout.addWidget(self.weights)
        layout.addStretch(1)
        self.show_waiting()

    @property
    def name(self) -> str:
        """The name that the user typed, or the suggested one."""
        return self._name.text().strip() or self._suggested

    @property
    def controls(self) -> list[QWidget]:
        """What the Tab key stops at, in its order."""
        return [self._name, *self.weights.controls]

    def show_untrained(self, untrained: bool) -> None:
        """Show whether a network that could start from published weights starts from scratch."""
        self._untrained = untrained
        self._show_weights()

    def suggest_name(self, name: str) -> None:
        """Fill in a name, unless the user has typed another."""
        if self._name.text() in {"", self._suggested}:
            self._name.setText(name[:MAX_NAME])
        self._suggested = name[:MAX_NAME]
        self._name.setPlaceholderText(self._suggested)

    def set_name(self, name: str) -> None:
        """Show this name; the suggested one when it is empty."""
        self._name.setText(name or self._suggested)

    def show_waiting(self) -> None:
        """Show that figures are being estimated."""
        for value in (self._parameters, self._epoch, self._whole):
            value.setText(_WORKING)
            set_tone(value, "muted")
        self._show_around(0, 0)
        self._show_problem(None, needs_download=False)

    def show_error(self, sentence: str) -> None:
        """Show why there is nothing to estimate."""
        self._show_figures("", "", "")
        self._show_problem(Reason(sentence), needs_download=False)

    def show_estimate(self, estimate: Estimate) -> None:
        """Show the figures, or why there are none."""
        parameters = f"{estimate.parameters:,}" if estimate.parameters else ""
        seconds, in_all = estimate.seconds_per_epoch, estimate.seconds
        if estimate.problem is not None:
            self._show_figures(parameters, "", "")
        elif seconds is None or in_all is None:
            self._show_figures(parameters, "not known while a training runs", "")
        else:
            self._show_figures(parameters, f"about {_time(seconds)}", f"about {_time(in_all)}")
            self._show_around(estimate.seconds_of_features, estimate.seconds_of_fine_tuning)
        problem = estimate.problem
        if problem is not None and estimate.needs_download:
            problem = Reason(problem.text)  # the offer already says what to do about missing weights
        self._show_problem(problem, needs_download=estimate.needs_download)

    def show_download(self, progress: TransferProgress) -> None:
        """Show the progress of the weights' download."""
        self.weights.show_progress(progress)

    def end_download(self, sentence: str, *, ok: bool) -> None:
        """Offer the download again, unless the weights are here now."""
        self.weights.end_download(sentence, ok=ok)

    def _show_around(self, features: float, fine_tuning: float) -> None:
        """Show the time before and after the epochs of a head, in seconds; 0 hides it."""
        for value, seconds, once in (
            (self._features, features, ", once"),
            (self._fine_tuning, fine_tuning, ", if needed"),
        ):
            value.setText(f"about {_time(seconds)}{once}" if seconds else "")
            for part in (self._names[value], value):
                part.setVisible(bool(seconds))

    def _show_figures(self, *texts: str) -> None:
        self._show_around(0, 0)
        for value, text in zip((self._parameters, self._epoch, self._whole), texts, strict=True):
            value.setText(text or "\N{EN DASH}")
            set_tone(value, "" if text else "muted")

    def _show_problem(self, reason: Reason | None, *, needs_download: bool) -> None:
        shown = reason or Reason("")
        for part, text in ((self._problem, shown.text), (self._advice, shown.advice)):
            part.setText(breakable(text))
            part.setVisible(bool(text))
        set_tone(self._problem, "warning" if needs_download else "danger")
        self._needs_download = needs_download
        self._show_weights()

    def _show_weights(self) -> None:
        self.weights.offer(untrained=self._untrained)
        self.weights.setVisible(self._needs_download or self._untrained)


def _time(seconds: float) -> str:
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f} s"
    if seconds < 90:
        return f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
