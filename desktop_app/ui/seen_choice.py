"""What the network sees of a picture: shown on request, and switched to the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from desktop_app.core.settings import Settings
    from desktop_app.ui.actions import WindowActions
    from desktop_app.ui.classify.classify_pane import ClassifyPane
    from desktop_app.workers.classify.session import ClassifySession


class SeenChoice(QObject):
    """Keeps the menu and the Classify pane to the preferences, and the other way round.

    Signals:
        chosen: Preferences to change and save, as a dictionary from names to values.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    chosen = Signal(object)
    said = Signal(str, bool)

    def __init__(
        self, session: ClassifySession, classify: ClassifyPane, actions: WindowActions, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._classify = classify
        self._actions = actions
        actions.frame.triggered.connect(self._on_frame_toggled)
        actions.whole.triggered.connect(self._on_whole_toggled)
        classify.frame_toggled.connect(self._on_frame_toggled)
        classify.whole_toggled.connect(self._on_whole_toggled)

    def show(self, settings: Settings) -> None:
        """Show what is chosen."""
        whole = settings.fit == "squash"
        self._actions.frame.setChecked(settings.show_seen)
        self._actions.whole.setChecked(whole)
        self._classify.show_seen(frame=settings.show_seen, whole=whole)

    def _on_frame_toggled(self, checked: bool) -> None:
        self.chosen.emit({"show_seen": checked})

    def _on_whole_toggled(self, checked: bool) -> None:
        """Use the whole picture, or what the model prefers."""
        before = self._session.fitting
        self.chosen.emit({"fit": "squash" if checked else None})
        fitting = self._session.fitting
        if fitting is not None:
            name = self._session.model_status.model_name
            still = " as before" if fitting == before else ""
            self.said.emit(f"{name} sees {fitting.words}{still}.", False)
