import pytest

from desktop_app.core.engine.compiled import Processor
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.inference.choice import AnsweredBy, EngineChoice
from desktop_app.ui.dialogs.preferences_dialog import PreferencesDialog
from desktop_app.ui.engine_choice import engine_now, precision_now
from desktop_app.workers.classify.messages import ModelPhase, ModelStatus
from tests.ui.fakes import OPENVINO, TENSORFLOW

PLAIN = Processor("A processor", ("FP32",))
MODERN = Processor("A processor", ("BF16", "FP32"))


def ready(by):
    return ModelStatus("x", "X", ModelPhase.READY, by=by)


@pytest.fixture
def dialog(window):
    window._show_preferences()
    (dialog,) = window.findChildren(PreferencesDialog)
    return dialog


def pick(picker, value):
    picker.setCurrentIndex(picker.findData(value))
    picker.activated.emit(picker.currentIndex())


def test_another_engine_is_saved_and_taken_at_once(window, dialog, session, store):
    session.add_files("a.jpg")
    session.answer(1, 0.9)
    pick(dialog.engine._engine, "tensorflow")
    assert session.called("choose_engine") == [(EngineChoice("tensorflow"), 1)]
    assert store.settings.engine == "tensorflow"
    pick(dialog.engine._engine, "automatic")
    pick(dialog.engine._precision, "float32")
    assert session.called("choose_engine")[1:] == [
        (EngineChoice(), 1),
        (EngineChoice(precision="float32"), 1),
    ]


def test_other_preferences_leave_the_engine_alone(window, dialog, session):
    pick(dialog._fit, "crop")
    assert session.called("choose_engine") == []


def test_precision_cannot_be_chosen_for_tensorflow(dialog):
    assert dialog.engine._precision.isEnabled()
    pick(dialog.engine._engine, "tensorflow")
    assert not dialog.engine._precision.isEnabled()


def test_the_dialog_says_what_holds_now_while_it_is_open(window, dialog, session, devices):
    assert devices.calls.count(("ask_processor",)) == 1
    session.become(ModelPhase.READY, by=OPENVINO)
    devices.processor_read.emit(PLAIN)
    assert dialog.engine._engine_now.text() == "Now: OpenVINO answers for Everyday, on CPU (2 cores)."
    assert dialog.engine._precision_now.text() == ("Now: float32. This processor has no bfloat16.")
    session.become(ModelPhase.LOADING, "Starting TensorFlow…")
    assert dialog.engine._engine_now.text() == "Now: Starting TensorFlow…"
    dialog.accept()
    session.become(ModelPhase.READY, by=TENSORFLOW)
    assert dialog.engine._engine_now.text() == "Now: Starting TensorFlow…"
    window._show_preferences()
    assert devices.calls.count(("ask_processor",)) == 1


def test_why_tensorflow_answers_stands_with_the_engine():
    assert engine_now(ready(TENSORFLOW)) == (
        "Now: TensorFlow answers for X, on CPU (2 cores). OpenVINO cannot answer for it: no reason."
    )


def test_a_model_that_cannot_be_used_is_said():
    status = ModelStatus("x", "X", ModelPhase.FAILED, reason=Reason("X is damaged.", "Import it again."))
    assert engine_now(status) == "Now: X is damaged."
    assert precision_now(status, None) == "Looking at the processor…"


HALF = AnsweredBy("openvino", "bfloat16", "CPU (2 cores)")
REFUSED = AnsweredBy("openvino", "float32", "CPU (2 cores)", "It is computed in float32: too far apart.")


@pytest.mark.parametrize(
    ("by", "processor", "words"),
    [
        (HALF, MODERN, "Now: bfloat16, which this processor has."),
        (REFUSED, MODERN, "Now: float32. It is computed in float32: too far apart."),
        (OPENVINO, MODERN, "Now: float32. This processor has bfloat16 too."),
        (
            OPENVINO,
            Reason("OpenVINO cannot be loaded.", "Reinstall."),
            "Now: float32. OpenVINO cannot be loaded. Reinstall.",
        ),
        (TENSORFLOW, PLAIN, "Now: float32, as X was trained. TensorFlow uses no other."),
    ],
)
def test_the_numbers_and_what_the_processor_can_do(by, processor, words):
    assert precision_now(ready(by), processor) == words
