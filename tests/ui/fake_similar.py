"""The service of similar pictures without threads; tests drive it by hand."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class FakeSimilar(QObject):
    """Records every call; the signals play the workers' part."""

    scan_started = Signal(object)
    progressed = Signal(int, int)
    similar_found = Signal(object)
    grouped = Signal(object)
    failed = Signal(object)
    thumbnail_ready = Signal(object)
    filing_progressed = Signal(int, int)
    filed = Signal(object)
    undo_available = Signal(object)
    message = Signal(str, bool)

    def __init__(self):
        super().__init__()
        self.filing = False
        self.model_id = ""
        self.calls = []
        self.thumbnails = []

    def compare_by(self, model_id):
        self.model_id = model_id

    def find_similar(self, picture, paths):
        self.calls.append(("find_similar", picture, tuple(paths)))

    def find_similar_in_job(self, picture, job):
        self.calls.append(("find_similar_in_job", picture, job))

    def group(self, folder):
        self.calls.append(("group", folder))

    def cancel(self):
        self.calls.append(("cancel",))

    def request_thumbnails(self, paths):
        self.thumbnails += paths

    def create(self, classes, folder, how):
        self.calls.append(("create", dict(classes), folder, how))

    def cancel_filing(self):
        self.calls.append(("cancel_filing",))

    def undo_filing(self):
        self.calls.append(("undo_filing",))

    def give_up_undo(self, last):
        self.calls.append(("give_up_undo", last))

    def ask_undo(self):
        self.calls.append(("ask_undo",))

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True
