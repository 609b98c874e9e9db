"""A model is tried in another process, which is asked again and again, and never left behind."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation import children, paths
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import Cancelled, ModelError, UnreadableImage
from desktop_app.core.images.load import load_fitted
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.exchange.asking_again import clues_of_installed
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.store import Library
from desktop_app.core.trial import beside
from desktop_app.core.trial.beside import TrialProcess
from desktop_app.core.trial.messages import Question, TrialInput, TrialSubject
from desktop_app.core.trial.opened_model import OpenedModel
from tests import exports
from tests.core.library.inspection.onnx.making import file_of, node
from tests.tiny_model import COLOURS

GREY = (0.299, 0.587, 0.114)
UNIT = TrialInput("unit", "squash", 1.0, "bicubic", GREY)


def given(**changes):
    values = {
        "preprocessing": "unit",
        "fit": "squash",
        "crop_share": 1.0,
        "resample": "bicubic",
        "grey": GREY,
    }
    return TrialInput(**values | changes)


@pytest.fixture
def saved(tmp_path):
    """`saved(*layers)` writes a network; returns its file."""

    def save(*layers, channels=3):
        import keras

        keras.utils.set_random_seed(1)
        path = tmp_path / "m.keras"
        keras.Sequential([keras.Input((16, 16, channels)), *layers], name="mine").save(path)
        return path

    return save


@pytest.fixture
def pictures(tmp_path):
    """A red picture with a green middle, and a blue one."""
    two = Image.new("RGB", (40, 40), (255, 0, 0))
    two.paste((0, 255, 0), (8, 8, 32, 32))
    two.save(tmp_path / "two.png")
    Image.new("RGB", (40, 40), (0, 0, 255)).save(tmp_path / "blue.png")
    return tmp_path / "two.png", tmp_path / "blue.png"


def colours():
    import keras

    return keras.layers.GlobalAveragePooling2D(), keras.layers.Softmax()


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
class TestOpenedModel:
    """In this process."""

    def test_it_answers_as_the_imported_model_does(self, saved, tmp_path):
        path, files = saved(*colours()), sample_files()[:2]
        ways = [given(preprocessing=pixels) for pixels in ("vgg19", "scale=0.1 offset=-1,2,0.5 order=bgr")]
        ways += [given(fit="crop", crop_share=0.5), given(fit="both", resample="keras")]
        (tmp_path / "work").mkdir()
        model = OpenedModel(TrialSubject(path), tmp_path / "work")
        library = Library.default()
        for way in ways:
            wishes = Wishes(labels=COLOURS, **{each: getattr(way, each) for each in way.__slots__})
            card = import_model(library, path, wishes, cancel=NEVER)
            fitted = [load_fitted(FileSource(file), card.input.fitting()) for file in files]
            expected = load_classifier(card.id, library).predict_prepared(fitted, top=1)
            best = model.best(way, files)
            assert [COLOURS[index] for index, _ in best] == [each.labels[0].label for each in expected]
            shares = [each.labels[0].probability for each in expected]
            assert [share for _, share in best] == pytest.approx(shares, abs=1e-4)
            library.delete(card.id)

    def test_the_fit_decides_what_it_sees(self, saved, pictures, tmp_path):
        (tmp_path / "work").mkdir()
        model = OpenedModel(TrialSubject(saved(*colours())), tmp_path / "work")
        assert [index for index, _ in model.best(given(), pictures)] == [0, 2]
        assert [index for index, _ in model.best(given(fit="crop", crop_share=0.6), pictures)] == [1, 2]

    def test_grey_weights_count(self, saved, pictures, tmp_path):
        import keras

        (tmp_path / "work").mkdir()
        yes = keras.layers.Dense(1, "sigmoid", kernel_initializer="ones")
        path = saved(keras.layers.GlobalAveragePooling2D(), yes, channels=1)
        model = OpenedModel(TrialSubject(path), tmp_path / "work")
        assert model.best(given(grey=(0.0, 0.0, 1.0)), pictures[1:]) == ((1, pytest.approx(0.731, abs=1e-3)),)
        assert model.best(given(grey=(1.0, 0.0, 0.0)), pictures[1:]) == ((0, pytest.approx(0.5)),)

    def test_features_have_no_names(self, saved, pictures, tmp_path):
        (tmp_path / "work").mkdir()
        model = OpenedModel(TrialSubject(saved(*colours()), "embedding"), tmp_path / "work")
        assert model.best(UNIT, pictures) == ()

    def test_numbers_beyond_all_bounds(self, saved, pictures, tmp_path):
        import keras

        (tmp_path / "work").mkdir()
        power = keras.layers.Rescaling(1e37)
        model = OpenedModel(TrialSubject(saved(power, *colours())), tmp_path / "work")
        assert model.best(given(preprocessing="scale=1000"), pictures) is None

    def test_a_picture_that_cannot_be_read_is_named(self, saved, tmp_path):
        (tmp_path / "work").mkdir()
        (tmp_path / "no.png").write_text("no picture")
        model = OpenedModel(TrialSubject(saved(*colours())), tmp_path / "work")
        with pytest.raises(UnreadableImage, match=r"no\.png cannot be read: "):
            model.best(UNIT, [tmp_path / "no.png"])


@pytest.mark.engine
def test_the_process_answers_again_and_again(saved, pictures, tmp_path):
    path = saved(*colours())
    with TrialProcess() as process:
        first = process.ask(Question(TrialSubject(path), UNIT, pictures, leading=""))
        assert [index for index, _ in first.best] == [0, 2]
        assert first.clue is None
        (tmp_path / "no.keras").write_text("no model")
        with pytest.raises(ModelError, match=r"no\.keras"):
            process.ask(Question(TrialSubject(tmp_path / "no.keras"), UNIT, pictures))
        with pytest.raises(ModelError, match=r"gone\.png cannot be read"):
            process.ask(Question(TrialSubject(path), UNIT, (tmp_path / "gone.png",)))
        again = process.ask(Question(TrialSubject(path), given(fit="crop", crop_share=0.5), pictures))
        assert [index for index, _ in again.best] == [1, 2]
        (running,) = children._running
    assert running.poll() is not None
    assert not children._running
    assert list(paths.library().iterdir()) == []


@pytest.fixture
def stand_in(monkeypatch):
    """`stand_in(code)` lets Python with some code stand for the process."""
    return lambda code: monkeypatch.setattr(beside, "own_command", lambda *_: [sys.executable, "-c", code])


def question(tmp_path):
    return Question(TrialSubject(tmp_path / "m.keras"), UNIT, (tmp_path / "a.png",))


def test_a_process_that_ends_is_said_and_started_anew(stand_in, tmp_path, caplog):
    stand_in("import sys; sys.stderr.write('too bad'); sys.exit(3)")
    with TrialProcess() as process:
        for _ in range(2):
            with pytest.raises(ModelError, match="ended with status 3"):
                process.ask(question(tmp_path))
    assert "too bad" in caplog.text
    caplog.clear()
    assert not children._running


def test_closing_ends_a_question_that_waits(stand_in, tmp_path):
    stand_in("import time; time.sleep(600)")
    process = TrialProcess()
    ended = []

    def ask():
        try:
            process.ask(question(tmp_path))
        except Cancelled as error:
            ended.append(error)
        process.release()

    thread = threading.Thread(target=ask)
    thread.start()
    while process._process is None:
        threading.Event().wait(0.01)
    process.close()
    thread.join(60)
    assert len(ended) == 1
    with pytest.raises(Cancelled):
        process.ask(question(tmp_path))


def test_a_process_that_cannot_be_started(monkeypatch, tmp_path):
    monkeypatch.setattr(beside, "own_command", lambda *_: [str(tmp_path / "nothing")])
    with TrialProcess() as process, pytest.raises(ModelError, match="No process could be started"):
        process.ask(question(tmp_path))


@pytest.mark.engine
@pytest.mark.parametrize("kind", ["onnx", "export"])
def test_what_opens_for_an_import_can_be_tried_and_once_it_is_installed_too(tmp_path, kind):
    files = sample_files()[:2]
    if kind == "onnx":
        kernel = np.random.default_rng(5).normal(0, 0.4, (3, 3, 3, 3)).astype(np.float32)
        nodes = [
            node("Conv", ["x", "k"], ["c"], strides=[2, 2]),
            node("GlobalAveragePool", ["c"], ["g"]),
            node("Flatten", ["g"], ["y"]),
        ]
        path = file_of(tmp_path / "net.onnx", nodes, {"k": kernel}, shape=(1, 3, 16, 16))
    else:
        path = exports.pack(tmp_path / "mine.zip", exports.teachable_machine())
    library, way = Library.default(), given(preprocessing="symmetric", fit="crop")
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    model = OpenedModel(TrialSubject(path, "classification"), tmp_path / "first")
    first = model.best(way, files)
    names = [entry.label for entry in model.card.classes]
    said = {each: getattr(way, each) for each in way.__slots__}
    card = import_model(library, path, Wishes(labels=names, task="classification", **said), cancel=NEVER)
    fitted = [load_fitted(FileSource(file), card.input.fitting()) for file in files]
    expected = load_classifier(card.id, library).predict_prepared(fitted, top=1)
    assert [str(index) for index, _ in first] == [each.labels[0].label for each in expected]
    shares = [each.labels[0].probability for each in expected]
    assert [share for _, share in first] == pytest.approx(shares, abs=1e-3)
    installed = TrialSubject(library.get(card.id).weights, "classification", card.architecture)
    assert OpenedModel(installed, tmp_path / "second").best(way, files) == first
    assert clues_of_installed(library.get(card.id))[0] == ()
