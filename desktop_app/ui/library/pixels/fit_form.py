"""How pictures are brought to a network's size, and made grey: the usual ways first, then any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from desktop_app.core.library.fit_choices import (
    FIT_WORDS,
    GREY_CHOICES,
    RESAMPLE_WORDS,
    FitChoice,
    fit_choices,
    grey_shares,
)
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import horizontal, label, scale_font, set_tone

if TYPE_CHECKING:
    from desktop_app.core.networks.input_spec import Fit, Resample
    from desktop_app.core.trial.messages import TrialInput

_OWN = "Another way…"
_OWN_GREY = "Other shares…"
_TYPING_MS = 400


class FitForm(QWidget):
    """A list of usual ways; the controls for others appear when they are wanted.

    Signals:
        edited: A number or a text is another one.
        changed: The user wants another way, and types no longer.
    """

    edited = Signal()
    changed = Signal()

    def __init__(self, given: TrialInput, architecture: str, producer: str, channels: int) -> None:
        super().__init__()
        self._given = given
        self._channels = channels
        self._ways = _with_own(fit_choices(architecture, producer), given)
        self._way = Picker("How pictures are brought to the network's size")
        self._way.addItems([way.words for way in self._ways] + [_OWN])
        self._details = label(tone="muted", wrap=True)
        scale_font(self._details, 0.92)
        self._fit, self._resample = Picker("What is seen of a picture"), Picker("How it is scaled")
        self._fit.addItems(list(FIT_WORDS.values()))
        self._resample.addItems(list(RESAMPLE_WORDS.values()))
        self._share = NumberBox("Share of each side that is seen", 1, 100, whole=False, unit="%", strict=True)
        self._own = QWidget()
        row = horizontal(self._own, spacing=8)
        for control in (self._fit, self._share, self._resample):
            row.addWidget(control)
        row.addStretch(1)
        self._grey = Picker("How colours become grey")
        self._grey.addItems([*GREY_CHOICES, _OWN_GREY])
        self._shares = QLineEdit(", ".join(f"{share:g}" for share in given.grey))
        self._shares.setAccessibleName("Shares of red, green and blue")
        self._problem = label(tone="danger", wrap=True)
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._pause.timeout.connect(self.changed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label("Fit"), 0, 0)
        grid.addWidget(self._way, 0, 1)
        grid.addWidget(self._own, 1, 1)
        grid.addWidget(self._details, 2, 1)
        self._grey_row = [label("Grey"), self._grey]
        grid.addWidget(self._grey_row[0], 3, 0)
        grid.addWidget(self._grey, 3, 1)
        grid.addWidget(self._shares, 4, 1)
        grid.addWidget(self._problem, 5, 1)
        self._show(given)
        self._way.currentIndexChanged.connect(self._on_changed)
        self._fit.currentIndexChanged.connect(self._on_changed)
        self._resample.currentIndexChanged.connect(self._on_changed)
        self._grey.currentIndexChanged.connect(self._on_changed)
        self._share.valueChanged.connect(self._on_typed)
        self._shares.textEdited.connect(self._on_typed)

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence; empty when nothing is."""
        return self._problem.text()

    def chosen(self, given: TrialInput) -> TrialInput:
        """The same pixel values in the way that is chosen here."""
        fit, share, resample = self._chosen_way()
        return replace(given, fit=fit, crop_share=share, resample=resample, grey=self._chosen_grey())

    def _chosen_way(self) -> tuple[Fit, float, Resample]:
        if self._way.currentIndex() < len(self._ways):
            way = self._ways[self._way.currentIndex()]
            return way.fit, way.crop_share, way.resample
        fit = list(FIT_WORDS)[self._fit.currentIndex()]
        share = 1.0 if fit == "squash" else self._share.value() / 100
        return fit, share, list(RESAMPLE_WORDS)[self._resample.currentIndex()]

    def _chosen_grey(self) -> tuple[float, float, float]:
        if self._channels != 1:
            return self._given.grey
        known = list(GREY_CHOICES.values())
        if self._grey.currentIndex() < len(known):
            return known[self._grey.currentIndex()]
        try:
            return grey_shares(self._shares.text())
        except ValueError:
            return self._given.grey

    def _show(self, given: TrialInput) -> None:
        same = [_key(way) for way in self._ways].index((given.fit, given.crop_share, given.resample))
        self._way.setCurrentIndex(same)
        self._fit.setCurrentIndex(list(FIT_WORDS).index(given.fit))
        self._share.setValue(100 * given.crop_share)
        self._resample.setCurrentIndex(list(RESAMPLE_WORDS).index(given.resample))
        known = [tuple(round(share, 4) for share in shares) for shares in GREY_CHOICES.values()]
        shares = tuple(round(share, 4) for share in given.grey)
        self._grey.setCurrentIndex(known.index(shares) if shares in known else len(known))
        self._update()

    def _on_changed(self) -> None:
        self._update()
        self.changed.emit()

    def _on_typed(self) -> None:
        self._update()
        self.edited.emit()
        self._pause.start()

    def _update(self) -> None:
        own = self._way.currentIndex() == len(self._ways)
        self._own.setVisible(own)
        self._share.setVisible(list(FIT_WORDS)[self._fit.currentIndex()] != "squash")
        self._details.setVisible(not own)
        if not own:
            self._details.setText(f"{self._ways[self._way.currentIndex()].details}.")
        grey = self._channels == 1
        for widget in self._grey_row:
            widget.setVisible(grey)
        own_grey = grey and self._grey.currentIndex() == len(GREY_CHOICES)
        self._shares.setVisible(own_grey)
        problem = ""
        if own_grey:
            try:
                grey_shares(self._shares.text())
            except ValueError as error:
                problem = str(error)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        set_tone(self._problem, "danger")


def _key(way: FitChoice) -> tuple[Fit, float, Resample]:
    return way.fit, way.crop_share, way.resample


def _with_own(ways: tuple[FitChoice, ...], given: TrialInput) -> tuple[FitChoice, ...]:
    """Add what the card says, where that is none of the usual ways."""
    if (given.fit, given.crop_share, given.resample) in {_key(way) for way in ways}:
        return ways
    words = f"{FIT_WORDS[given.fit]}, {RESAMPLE_WORDS[given.resample].lower()}"
    if given.fit != "squash":
        words += f", {100 * given.crop_share:.3g}%"
    own = FitChoice(words, "As it is now", given.fit, given.crop_share, given.resample)
    return (own, *ways)
