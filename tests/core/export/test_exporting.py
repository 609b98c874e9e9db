"""From a model in the library to a package, with the engines in processes of their own."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import partial

import numpy as np
import pytest

from desktop_app.core.export import exporting, package, process, proving, writing_step
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.examples import EXAMPLE_LINES
from desktop_app.core.export.exporting import export_beside
from desktop_app.core.export.held_pictures import HeldPictures
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError, StorageError, UnknownModel, UsageError
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.library.exchange.importing import import_model
from desktop_app.core.library.store import Library
from desktop_app.core.training.recipes import catalogue
from tests.core.export.models import SIDE, card, convolution, installed, network, write_here

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture
def library(engine):
    described = card(preprocessing="unit", mirrored=True)
    return installed(network(convolution()), described.changed(licence="MIT", source="Nowhere"))


export_here = partial(export_beside, write=write_here)


def unpacked(path, folder):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def example_in(folder):
    return re.search(r"```python\n(.+?)```", (folder / "README.md").read_text(), re.DOTALL).group(1)


def run_example(folder):
    """Run the README's example as it stands, as somebody does who has only the package."""
    (folder / "example.py").write_text(example_in(folder))
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [sys.executable, "-P", "example.py", sample_files()[0]]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def scratch_is_gone(library):
    return [entry.name for entry in library.installed.iterdir()] == ["tiny"]


def test_a_package_has_everything_and_its_example_runs(library, tmp_path):
    told = []
    path = tmp_path / "tiny.zip"
    result = export_here(library, "tiny", path, form="onnx", on_progress=told.append)
    folder = unpacked(path, tmp_path / "unpacked")
    assert sorted(each.name for each in folder.iterdir()) == [
        "README.md",
        "labels.txt",
        "model.onnx",
        "proof.json",
    ]
    assert (folder / "labels.txt").read_text() == "class 0\nclass 1\nclass 2\n"
    proof = json.loads((folder / "proof.json").read_text())
    assert [each["engine"].rpartition(" ")[0] for each in proof["proofs"]] == ["OpenVINO", "ONNX Runtime"]
    assert all(each["largest_difference"] <= 1e-4 and each["pictures"] >= 32 for each in proof["proofs"])
    assert set(proof["files"]) == {"README.md", "labels.txt", "model.onnx"}
    readme = (folder / "README.md").read_text()
    assert f"uint8 `(N, {SIDE}, {SIDE}, 3)`" in readme
    assert "Licence: MIT" in readme
    assert "mirror image" in readme
    assert all(sentence in readme for sentence in result.report.sentences)
    assert len(example_in(folder).splitlines()) <= EXAMPLE_LINES
    lines = run_example(folder)
    assert len(lines) == 3
    shares = [float(line.split("%")[0]) for line in lines]
    assert sum(shares) == pytest.approx(100, abs=0.3)
    assert shares == sorted(shares, reverse=True)
    counted = [progress for progress in told if progress.total]
    assert {progress.words for progress in counted} == {
        "Asking OpenVINO about what was written…",
        "Asking ONNX Runtime about what was written…",
    }
    assert (counted[-1].done, counted[-1].total) == (32, 32)
    assert scratch_is_gone(library)


def test_the_example_says_what_sightline_says(library, tmp_path):
    from desktop_app.core.classify.loader import load_classifier
    from desktop_app.core.images.decoding.decode import read_fitted
    from desktop_app.core.inference.choice import EngineChoice

    export_here(library, "tiny", tmp_path / "tiny.zip", form="openvino")
    folder = unpacked(tmp_path / "tiny.zip", tmp_path / "unpacked")
    lines = run_example(folder)
    classifier = load_classifier("tiny", library, EngineChoice("tensorflow"))
    picture = read_fitted(sample_files()[0], classifier.card.input.fitting("squash"))
    (prediction,) = classifier.predict_prepared([picture])
    expected = [(label.label, 100 * label.probability) for label in prediction.labels]
    found = [(label, float(share)) for share, label in (line.split("% ") for line in lines)]
    # A large photograph is decoded at half its size in Sightline, which moves a pixel by a level or two.
    assert [label for label, _ in found] == [label for label, _ in expected]
    assert [share for _, share in found] == pytest.approx([share for _, share in expected], abs=1.0)


def test_the_command_s_own_process_writes_a_network_with_an_own_layer(tmp_path):
    """Keras opens it without Sightline on its path, and the example runs."""
    recipe = catalogue.get("digits-cnn")
    model = recipe.build(recipe.defaults().changed({"input_size": 12, "units": 8}), 3).full
    library = installed(model, card(channels=1))
    result = export_beside(library, "tiny", tmp_path / "digits.zip", form="keras")
    (proof,) = result.report.proofs
    assert proof.engine.startswith("Keras 3")
    assert proof.largest_difference < 1e-6
    folder = unpacked(tmp_path / "digits.zip", tmp_path / "unpacked")
    with zipfile.ZipFile(folder / "model.keras") as archive:
        assert b"sightline" not in archive.read("config.json").lower()
    assert len(run_example(folder)) == 3


def test_int8_is_shown_with_what_it_costs(library, tmp_path, monkeypatch):
    labels = np.arange(40) % 3
    pictures = np.random.default_rng(1).integers(0, 256, (40, SIDE, SIDE, 3), np.uint8)
    monkeypatch.setattr(writing_step, "held_pictures", lambda *_given: HeldPictures(pictures, labels))
    result = export_here(library, "tiny", tmp_path / "tiny.zip", form="onnx", precision="int8")
    report = result.report
    assert report.accuracy.pictures == 40
    assert 0 < report.accuracy.before < 1
    assert "On 40 validation pictures" in result.sentences[-1]
    assert report.limit is None
    assert all(proof.largest_difference <= 1e-4 for proof in report.whole)
    assert len(report.whole) == len(report.proofs) == 2
    assert all(proof.largest_difference > 1e-6 for proof in report.proofs)


def test_int8_without_validation_pictures_says_so(library, tmp_path):
    result = export_here(library, "tiny", tmp_path / "tiny.zip", form="openvino", precision="int8")
    assert result.report.accuracy is None
    assert "loss of accuracy is not measured" in result.sentences[-1]
    with zipfile.ZipFile(tmp_path / "tiny.zip") as archive:
        assert result.report.accuracy_note in archive.read("README.md").decode()


def wrong(change, entry, form, precision, folder, listening):
    """Write a sound model, then change it, as a converter's silent fault does."""
    write_here(entry, form, precision, folder, listening)
    change(folder)


def without_weights(folder, name="model"):
    """A converter that loses the weights writes a file that opens and answers."""
    import onnx

    path = folder / name / "model.onnx"
    proto = onnx.load(path)
    for tensor in proto.graph.initializer:
        if len(tensor.raw_data) > 1000:
            tensor.raw_data = bytes(len(tensor.raw_data))
    path.write_bytes(proto.SerializeToString())


def test_a_file_that_answers_otherwise_does_not_leave(library, tmp_path):
    path = tmp_path / "tiny.zip"
    path.write_bytes(b"before")
    write = partial(wrong, without_weights)
    with pytest.raises(CannotExport, match="differ from Sightline's by") as raised:
        export_beside(library, "tiny", path, form="onnx", write=write)
    assert "OpenVINO" in str(raised.value)
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["tiny.zip"]
    assert scratch_is_gone(library)


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_a_smaller_one_does_not_leave_when_the_whole_file_beside_it_does_not_hold(
    precision, library, tmp_path
):
    write = partial(wrong, partial(without_weights, name="whole"))
    with pytest.raises(CannotExport, match="opened the float32 file"):
        export_beside(library, "tiny", tmp_path / "x.zip", form="onnx", precision=precision, write=write)


def test_an_engine_that_computes_otherwise_than_the_standard_is_noticed(tmp_path):
    """OpenVINO passes over an attribute of bicubic upsampling in ONNX, which ONNX Runtime follows."""
    import keras

    bigger = keras.layers.UpSampling2D(2, interpolation="bicubic")
    library = installed(network(bigger), card(preprocessing="unit"))
    with pytest.raises(CannotExport, match=r"OpenVINO [.0-9]+ opened the float32 file"):
        export_here(library, "tiny", tmp_path / "x.zip", form="onnx")
    assert not (tmp_path / "x.zip").exists()


def test_a_file_that_no_engine_opens_does_not_leave(library, tmp_path):
    def damage(folder):
        (folder / "model" / "model.onnx").write_bytes(b"damaged")

    with pytest.raises(CannotExport, match="OpenVINO cannot open what was written"):
        export_beside(library, "tiny", tmp_path / "x.zip", form="onnx", write=partial(wrong, damage))
    assert not (tmp_path / "x.zip").exists()


def test_one_that_answers_something_else_than_numbers_does_not_leave(library, tmp_path, monkeypatch):
    monkeypatch.setattr(proving, "compare", lambda *_given: None)
    with pytest.raises(CannotExport, match="something else than probabilities"):
        export_here(library, "tiny", tmp_path / "x.zip", form="openvino")


def test_an_engine_that_cannot_open_the_file_is_named_in_the_package(library, tmp_path, monkeypatch):
    """As OpenVINO with the loop of a GRU, which ONNX Runtime opens."""
    command = proving.asking_command

    def failing(engine, *given):
        if engine == "openvino":
            return [sys.executable, "-c", "print('no such loop'); raise SystemExit(1)"]
        return command(engine, *given)

    monkeypatch.setattr(proving, "asking_command", failing)
    result = export_here(library, "tiny", tmp_path / "tiny.zip", form="onnx")
    assert "OpenVINO cannot open this file." in result.sentences
    assert "no such loop" in result.report.not_opened["OpenVINO"]
    assert len(result.report.proofs) == 1


def test_cancelled_while_it_is_asked_nothing_is_left(library, tmp_path):
    source = CancelSource()

    def cancel_at(progress):
        if progress.words.startswith("Asking OpenVINO"):
            source.cancel()

    with pytest.raises(Cancelled):
        export_here(
            library, "tiny", tmp_path / "x.zip", form="onnx", cancel=source.token, on_progress=cancel_at
        )
    assert not list(tmp_path.glob("*.zip"))
    assert scratch_is_gone(library)


def test_cancelled_while_its_process_writes_that_process_ends(library, tmp_path, monkeypatch):
    """The process, which would wait for ever, is not there any more."""
    source = CancelSource()
    waiting = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    monkeypatch.setattr(exporting, "own_command", lambda *_words: [sys.executable, "-c", waiting])
    seen = []

    def cancel_once_it_speaks(progress):
        if progress.words.isdigit():
            seen.append(int(progress.words))
            source.cancel()

    with pytest.raises(Cancelled):
        export_beside(
            library,
            "tiny",
            tmp_path / "x.zip",
            form="onnx",
            cancel=source.token,
            on_progress=cancel_once_it_speaks,
        )
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)
    assert scratch_is_gone(library)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "probably for want of memory"),
        (
            "import sys; print('half a', end=''); sys.exit('a defect')",
            "ended with status 1 and said: a defect",
        ),
    ],
)
def test_a_process_that_ends_badly_is_an_error_of_one_sentence(
    code, sentence, library, tmp_path, monkeypatch
):
    monkeypatch.setattr(exporting, "own_command", lambda *_words: [sys.executable, "-c", code])
    with pytest.raises(ModelError, match=sentence):
        export_beside(library, "tiny", tmp_path / "x.zip", form="onnx")
    assert scratch_is_gone(library)


def test_one_that_falls_silent_ends(library, tmp_path, monkeypatch):
    monkeypatch.setattr(process, "_SILENT_SECONDS", 0.2)
    waiting = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(exporting, "own_command", lambda *_words: waiting)
    with pytest.raises(ModelError, match="said nothing"):
        export_beside(library, "tiny", tmp_path / "x.zip", form="onnx")


def test_a_full_disk_is_said_before_anything_is_written(library, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(StorageError, match="too full"):
        export_here(library, "tiny", tmp_path / "x.zip", form="onnx")
    assert not (tmp_path / "x.zip").exists()


def test_a_disk_that_fills_up_while_packing_leaves_the_old_file(library, tmp_path, monkeypatch):
    path = tmp_path / "tiny.zip"
    path.write_bytes(b"before")

    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(package, "pieces", full)
    with pytest.raises(StorageError, match="too full"):
        export_here(library, "tiny", path, form="onnx")
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["tiny.zip"]


def test_a_place_that_cannot_be_written_is_said_at_once(library, tmp_path):
    def never(*_given):
        pytest.fail("The model was written for nothing.")

    (tmp_path / "folder.zip").mkdir()
    for path in (tmp_path / "nowhere" / "x.zip", tmp_path / "folder.zip"):
        with pytest.raises(StorageError, match=path.name):
            export_beside(library, "tiny", path, form="onnx", write=never)


def test_sightline_s_own_format_is_the_file_that_import_takes(library, tmp_path):
    result = export_beside(library, "tiny", tmp_path / "tiny.sightline")
    assert result.report is None
    assert result.sentences == (f"Wrote {tmp_path / 'tiny.sightline'}.",)
    again = import_model(library, result.path, cancel=CancelSource().token)
    assert again.input == library.get("tiny").card.input


def test_what_cannot_be_exported_is_said(library, tmp_path):
    with pytest.raises(UnknownModel):
        export_beside(library, "nothing", tmp_path / "x.zip", form="onnx")
    with pytest.raises(UsageError):
        export_beside(library, "tiny", tmp_path / "x.onnx", form="onnx")
    elsewhere = Library(paths.shipped_models(), tmp_path / "own", tmp_path / "trash")
    elsewhere.add(card(), library.get("tiny").weights)
    with pytest.raises(ModelError, match="in a library of its own"):
        export_beside(elsewhere, "tiny", tmp_path / "x.zip", form="onnx")


@pytest.mark.parametrize(
    ("architecture", "form", "possible"),
    [("onnx", "keras", "onnx or openvino"), ("tflite", "litert", "openvino")],
)
def test_another_program_s_goes_only_where_its_graph_can(architecture, form, possible, library, tmp_path):
    entry = library.get("tiny")
    library.amend(entry, {"architecture": architecture}, None)
    with pytest.raises(CannotExport, match=f"can be written as {possible} alone"):
        export_beside(library, "tiny", tmp_path / "x.zip", form=form)


def test_a_proven_file_that_is_not_wanted_is_not_written(library, tmp_path):
    path = tmp_path / "tiny.zip"
    path.write_bytes(b"old")
    seen = []
    with pytest.raises(Cancelled):
        export_here(library, "tiny", path, form="litert", keep=lambda report: bool(seen.append(report)))
    assert [report.proofs[0].pictures for report in seen] == [32]
    assert path.read_bytes() == b"old"
    assert scratch_is_gone(library)
