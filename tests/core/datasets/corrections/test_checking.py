"""Corrections are applied when data are checked, or a warning says why one is not."""

from __future__ import annotations

import pytest

from desktop_app.core.datasets.corrections.checking import examine_corrected, still_valid
from desktop_app.core.datasets.corrections.store import CorrectionStore
from desktop_app.core.datasets.decision import EXCLUDE, KEEP, relabel
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled


@pytest.fixture
def store(data):
    store = CorrectionStore(data)
    store.change(data, {data / "cats/0.png": relabel("dogs"), data / "cats/1.png": EXCLUDE})
    return store


def counts(report):
    return {entry.name: entry.total for entry in report.classes}


def test_what_was_decided_is_applied(data, store):
    store.change(data, {data / "dogs/0.png": KEEP})
    report = examine_corrected(data)
    assert counts(report) == {"cats": 2, "dogs": 5}
    assert not any("not applied" in warning for warning in report.warnings)
    assert report.corrected == 2


def test_data_without_corrections_are_as_they_are(data):
    report = examine_corrected(data)
    assert report.uncorrected is None
    assert report.corrected == 0


def test_a_file_that_changed_loses_its_correction_with_a_warning(data, store):
    (data / "cats/0.png").write_bytes((data / "cats/3.png").read_bytes())
    report = examine_corrected(data)
    assert "1 correction not applied: its file has changed since." in report.warnings
    assert report.corrected == 1
    assert len(store.read().corrections) == 2


def test_files_that_are_gone_are_counted(data, store):
    for number in (0, 1):
        (data / f"cats/{number}.png").unlink()
    report = examine_corrected(data)
    assert "2 corrections not applied: their files are gone." in report.warnings
    assert report.corrected == 0


def test_a_class_that_is_gone_is_named_as_the_reason(data, store):
    (data / "dogs").rename(data / "puppies")
    report = examine_corrected(data)
    assert "1 correction not applied: its class is not in the data." in report.warnings
    assert counts(report) == {"cats": 3, "puppies": 4}


def test_a_broken_file_is_a_warning_and_nothing_is_applied(data, store):
    store.path.write_text("{")
    report = examine_corrected(data)
    assert report.warnings[0].startswith("No corrections are applied. The corrections in ")
    assert counts(report) == {"cats": 4, "dogs": 4}


def test_a_check_can_be_cancelled_while_files_are_compared(data, store):
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        still_valid(examine(data), store.read(), source.token)
