"""The dialog, with an export that the test drives by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.export import export_dialog as module
from desktop_app.ui.export.export_dialog import ExportDialog
from desktop_app.workers.export.messages import ExportPhase
from tests.ui.fake_exports import MEASURED, FakeExports, report
from tests.ui.fakes import entry


@pytest.fixture
def service(qapp):
    return FakeExports()


@pytest.fixture
def dialog(qtbot, light, service):
    result = ExportDialog(service, entry())
    qtbot.addWidget(result)
    result.show()
    return result


@pytest.fixture
def ready(dialog, service):
    service.answer()
    return dialog


def shown(dialog):
    """All texts that can be read."""
    return {label.text() for label in dialog.findChildren(QLabel) if label.isVisible() and label.text()}


def said(dialog, part):
    return any(part in text.replace("\u200b", "") for text in shown(dialog))


def choose(dialog, form, precision="float32"):
    dialog._choice._forms[form].click()
    dialog._choice._precisions[precision].click()


def test_nothing_can_be_exported_before_the_model_was_looked_at(dialog, service):
    assert service.called("ask") == [("everyday",)]
    assert said(dialog, "Looking at the model…")
    assert not dialog._export.isEnabled()
    service.answer("another")
    assert not dialog._export.isEnabled()
    service.answer()
    assert dialog._export.isEnabled()
    assert not said(dialog, "Looking")
    assert said(dialog, "about 3.4 MB")


def test_the_choice_becomes_a_request(ready, service, tmp_path):
    choose(ready, "onnx", "int8")
    assert said(ready, MEASURED)
    assert ready._choice._file.text().endswith("everyday-onnx-int8.zip")
    ready._choice._file.setText(str(tmp_path / "mine.zip"))
    ready._export.click()
    ((request,),) = service.called("start")
    assert (request.model_id, request.name) == ("everyday", "Everyday")
    assert (request.form, request.precision, request.path) == ("onnx", "int8", tmp_path / "mine.zip")


def test_only_the_precisions_of_a_format_can_be_chosen(ready):
    choose(ready, "onnx", "float16")
    ready._choice._forms["keras"].click()
    assert ready._choice.precision() == "float32"
    assert not ready._choice._precisions["float16"].isEnabled()
    assert ready._choice._precisions["float32"].isEnabled()
    assert ready._choice._file.text().endswith("everyday-keras.zip")


def test_a_name_of_one_s_own_stays_but_for_its_ending(ready, qtbot, tmp_path):
    file = ready._choice._file
    choose(ready, "onnx")
    file.clear()
    qtbot.keyClicks(file, str(tmp_path / "mine.zip"))
    choose(ready, "litert", "int8")
    assert file.text() == str(tmp_path / "mine.zip")
    choose(ready, "sightline")
    assert file.text() == str(tmp_path / "mine.sightline")


def test_a_name_that_other_programs_would_misread_is_refused_at_once(ready, qtbot):
    choose(ready, "keras")
    ready._choice._file.clear()
    qtbot.keyClicks(ready._choice._file, "mine.keras")
    assert said(ready, "no program opens by that name. Name it mine.zip.")
    assert not ready._export.isEnabled()
    ready._choice._file.clear()
    qtbot.keyClicks(ready._choice._file, " ")
    assert said(ready, "The file needs a name.")


def test_return_in_the_name_exports(ready, service, qtbot, tmp_path):
    ready._choice._file.setText(str(tmp_path / "mine.sightline"))
    qtbot.keyClick(ready._choice._file, Qt.Key.Key_Return)
    assert len(service.called("start")) == 1


def test_a_file_is_replaced_only_when_that_is_wanted(ready, service, monkeypatch, tmp_path):
    path = tmp_path / "mine.sightline"
    path.write_bytes(b"old")
    ready._choice._file.setText(str(path))
    asked = []
    monkeypatch.setattr(module, "confirm", lambda *words: asked.append(words[2]) or len(asked) > 1)
    ready._export.click()
    assert "mine.sightline is already in" in asked[0]
    assert service.called("start") == []
    ready._export.click()
    assert len(service.called("start")) == 1


def test_a_file_dialog_has_asked_already(ready, service, monkeypatch, tmp_path):
    path = tmp_path / "mine.zip"
    path.write_bytes(b"old")
    monkeypatch.setattr(module, "confirm", lambda *_words: pytest.fail("asked twice"))
    monkeypatch.setattr(FileDialog, "save_file", lambda *_words: (str(path), ""))
    choose(ready, "onnx")
    ready._choice._on_choose_clicked()
    ready._export.click()
    assert service.called("start")[0][0].path == path


def test_a_name_without_an_ending_gets_one_and_is_another_file(ready, service, monkeypatch, tmp_path):
    (tmp_path / "mine.zip").write_bytes(b"old")
    asked = []
    monkeypatch.setattr(module, "confirm", lambda *words: asked.append(words) and False)
    monkeypatch.setattr(FileDialog, "save_file", lambda *_words: (str(tmp_path / "mine"), ""))
    choose(ready, "onnx")
    ready._choice._on_choose_clicked()
    assert ready._choice.path() == tmp_path / "mine.zip"
    ready._export.click()
    assert len(asked) == 1
    assert service.called("start") == []


def test_progress_is_shown_and_can_be_cancelled(ready, service):
    service.begin()
    assert not ready._choice.isVisible()
    service.tell("Writing the model…")
    assert said(ready, "Writing the model…")
    assert ready._bar.maximum() == 0
    service.tell("Asking OpenVINO…", 12, 32)
    assert said(ready, "12 of 32 pictures compared")
    assert (ready._bar.value(), ready._bar.maximum()) == (12, 32)
    ready._cancel.click()
    assert service.called("cancel") == [()]
    assert not ready._cancel.isEnabled()
    service.tell("Asking OpenVINO…", 13, 32)
    assert said(ready, "Stopping…")
    service.become(ExportPhase.STOPPED)
    assert said(ready, "The export was stopped. Nothing was written.")
    assert ready._export.isEnabled()
    service.begin()
    assert ready._cancel.isEnabled()


def test_a_failure_is_a_sentence_in_place_and_another_choice_can_be_made(ready, service):
    service.begin()
    service.fail("Its layer 'shrunk' cannot be written.", "Choose another format.")
    assert said(ready, "Its layer 'shrunk' cannot be written. Choose another format.")
    assert ready._notice.property("tone") == "danger"
    assert ready._export.isEnabled()
    assert ready.focusWidget() is ready._choice._forms["sightline"]


def test_the_end_shows_the_proof_and_the_folder(ready, service, monkeypatch):
    opened = []
    monkeypatch.setattr(module, "show_folder", lambda folder: opened.append(folder) or ("Opened.", False))
    service.begin()
    service.become(ExportPhase.DONE, report=report(not_opened={"LiteRT": "no"}), size=3_500_000)
    assert said(ready, "Exported Everyday to everyday.zip")
    assert said(ready, "/out · 3.5 MB")
    assert said(ready, "Opened again by OpenVINO 2026.4.1: 32 of 32 pictures alike")
    assert said(ready, "LiteRT cannot open this file.")
    ready._folder.click()
    assert [str(folder) for folder in opened] == ["/out"]
    ready._another.click()
    assert ready._choice.isVisible()
    assert ready._export.isVisible()
    assert not said(ready, "Exported Everyday")


def test_a_copy_has_no_proof_and_says_what_it_has(ready, service):
    service.begin(form="sightline")
    service.become(ExportPhase.DONE, size=10)
    assert said(ready, "Its checksum is checked when it is imported.")


@pytest.mark.parametrize("wanted", [True, False])
def test_what_int8_loses_is_seen_before_the_file_is_kept(ready, service, wanted):
    service.begin(precision="int8")
    service.become(ExportPhase.ASKING, report=report("int8", accuracy=(0.925, 0.9), apart=0.017))
    assert said(ready, "Keep the int8 file?")
    assert said(ready, "Not yet written: /out/everyday.zip")
    assert {"92.5%", "90.0%"} <= shown(ready)
    assert said(ready, "It loses 2.5 points of accuracy on these pictures.")
    assert not ready._choice.isVisible()
    (ready._keep if wanted else ready._discard).click()
    assert service.called("keep") == [(wanted,)]


def test_a_model_that_only_another_sightline_takes_says_why(dialog, service):
    service.answer(
        forms=frozenset({"sightline"}), problem=Reason("It was imported as onnx.", "Use that file.")
    )
    assert said(dialog, "It was imported as onnx. Use that file.")
    assert not dialog._choice._forms["onnx"].isEnabled()
    assert dialog._choice.form() == "sightline"
    assert dialog._export.isEnabled()


def test_a_model_that_cannot_be_used_is_not_exported(dialog, service):
    service.answer(forms=frozenset(), problem=Reason("Everyday is damaged."))
    assert said(dialog, "Everyday is damaged.")
    assert dialog._notice.property("tone") == "danger"
    assert not dialog._export.isEnabled()


def test_there_is_one_export_at_a_time(ready, service):
    service.begin("pets", "Pets")
    assert said(ready, "Pets is being exported. This can begin when it has ended.")
    assert not ready._export.isEnabled()
    service.become(ExportPhase.DONE, report=report())
    assert ready._export.isEnabled()
    assert not said(ready, "Pets")


def test_a_dialog_that_is_opened_later_shows_what_goes_on(qtbot, light, service):
    service.begin()
    service.tell("Asking OpenVINO…", 3, 32)
    dialog = ExportDialog(service, entry())
    qtbot.addWidget(dialog)
    dialog.show()
    assert said(dialog, "3 of 32 pictures compared")
    dialog.close()
    assert service.called("cancel") == []


def test_a_model_of_amounts_shows_what_is_known_of_int8(qtbot, light, service):
    amounts = entry(task="regression", classes=("price",))
    dialog = ExportDialog(service, amounts)
    qtbot.addWidget(dialog)
    dialog.show()
    service.begin(precision="int8")
    service.become(ExportPhase.ASKING, report=report("int8", note="The loss is not measured: why."))
    assert said(dialog, "of the largest number")
    assert said(dialog, "The loss is not measured: why.")
    assert "Same first class" not in shown(dialog)
