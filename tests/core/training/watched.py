"""Trainings whose events are recorded and reacted to."""

from __future__ import annotations

from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from tests.core.training.tiny import stores_in


class Run:
    """A training in a folder of its own, watched."""

    def __init__(self, folder, config, on_event=lambda control, event: None):
        self.runs, self.library = stores_in(folder)
        self.control = TrainingControl()
        self.events = []

        def note(event):
            self.events.append(event)
            on_event(self.control, event)

        self._note = note
        self.result = fit.train(config, note, self.control.token, runs=self.runs, library=self.library)

    def resume(self):
        self.control = TrainingControl()
        run_id = self.result.run_id
        return fit.resume(run_id, self._note, self.control.token, runs=self.runs, library=self.library)

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def entry(self):
        return self.runs.get(self.result.run_id)


def stop_at(kind, order="stop", number=1):
    """Give an order at the so manyth event of a kind."""
    seen = []

    def watch(control, event):
        if isinstance(event, kind):
            seen.append(event)
            if len(seen) == number:
                getattr(control, order)()

    return watch
