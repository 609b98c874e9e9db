"""Exports of models that were imported as files of other programs."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import numpy as np
import onnx
import pytest

from desktop_app.core.classify.loader import check_answers, load_classifier
from desktop_app.core.export import asking
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.exporting import export_beside
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.inference.choice import EngineChoice
from desktop_app.core.inference.proof_pictures import proof_pictures
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.store import Library
from tests.core.export.models import write_here
from tests.core.export.test_exporting import example_in
from tests.core.library.inspection.onnx.making import file_of, node
from tests.exports import floating, whole

LABELS = ("red", "green", "blue")
SIDE = 16


def taken(file, **wishes):
    wishes = {"labels": LABELS, "preprocessing": "imagenet", "task": "classification"} | wishes
    return import_model(Library.default(), file, Wishes(**wishes), check=check_answers, cancel=NEVER)


def file_with(tmp_path, *ending, layout="nchw", opset=18, outputs=3):
    """A network as other programs export it, with 1,200 weights in its middle."""
    random = np.random.default_rng(5)
    weights = {
        "k": random.normal(0, 0.4, (40, 3, 3, 3)).astype(np.float32),
        "m": random.normal(0, 0.4, (40, outputs)).astype(np.float32),
    }
    turned = [node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2])] if layout == "nhwc" else []
    nodes = [
        *turned,
        node("Conv", ["t" if turned else "x", "k"], ["c"], strides=[2, 2]),
        node("Relu", ["c"], ["r"]),
        node("GlobalAveragePool", ["r"], ["g"]),
        node("Flatten", ["g"], ["f"]),
        node("MatMul", ["f", "m"], ["z" if ending else "y"]),
        *ending,
    ]
    shape = ("batch", 3, SIDE, SIDE) if layout == "nchw" else ("batch", SIDE, SIDE, 3)
    target = tmp_path / f"net-{opset}.onnx"
    return file_of(target, nodes, weights, shape=shape, opset=opset, producer_name="pytorch")


def exported(card, tmp_path, form, precision="float32"):
    library = Library.default()
    path = tmp_path / f"{form}-{precision}.zip"
    result = export_beside(library, card.id, path, form=form, precision=precision, write=write_here)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / form)
    return result, tmp_path / form


def run_example(folder):
    (folder / "example.py").write_text(example_in(folder))
    command = [sys.executable, "-P", "example.py", sample_files()[0]]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize(("layout", "kind"), [("nchw", "logits"), ("nhwc", "softmax")])
def test_an_onnx_file_gets_its_preparation_in_front(layout, kind, tmp_path):
    ending = [node("Softmax", ["z"], ["y"], axis=1)] if kind == "softmax" else []
    card = taken(file_with(tmp_path, *ending, layout=layout))
    library = Library.default()
    library.amend(library.get(card.id), {"calibration": {"temperature": 1.7}}, None)
    classifier = load_classifier(card.id, library, EngineChoice(precision="float32"))
    pictures = proof_pictures(card.input)
    expected, _distances = classifier.answers(pictures)
    for form in ("onnx", "openvino"):
        result, folder = exported(card, tmp_path, form)
        assert all(proof.largest_difference <= 1e-5 for proof in result.report.proofs)
        assert "one picture at a time" in (folder / "README.md").read_text()
        assert len(run_example(folder)) == 3
    proto = onnx.load(tmp_path / "onnx" / "model.onnx")
    assert [each.version for each in proto.opset_import if not each.domain] == [18]
    run, _version, at_once = asking.ENGINES["onnxruntime"](tmp_path / "onnx" / "model.onnx")
    assert at_once == 1
    assert asking.ask(run, pictures, 1) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("task", ["multi-label", "regression", "embedding"])
def test_other_meanings_are_written_too(task, tmp_path):
    ending = [node("Sigmoid", ["z"], ["y"])] if task == "multi-label" else []
    wishes = {"task": task} | ({"labels": ()} if task == "embedding" else {})
    card = taken(file_with(tmp_path, *ending), **wishes)
    for form in ("onnx", "openvino"):
        result, folder = exported(card, tmp_path, form)
        assert all(proof.task == task for proof in result.report.proofs)
        assert all(proof.largest_difference <= 1e-5 for proof in result.report.proofs)
        run_example(folder)


def test_a_single_output_becomes_two_classes(tmp_path):
    card = taken(file_with(tmp_path, node("Sigmoid", ["z"], ["y"]), outputs=1), labels=("no", "yes"))
    for form in ("onnx", "openvino"):
        _result, folder = exported(card, tmp_path, form)
        assert len(run_example(folder)) == 2


def test_its_weights_are_rounded_as_those_of_others_are(tmp_path):
    card = taken(file_with(tmp_path))
    for form, precision in (("onnx", "float16"), ("onnx", "int8"), ("openvino", "int8")):
        result, _folder = exported(card, tmp_path, form, precision)
        assert all(1e-7 < proof.largest_difference < 0.05 for proof in result.report.proofs)


def test_what_an_early_opset_does_not_have_is_said(tmp_path):
    card = taken(file_with(tmp_path, opset=7))
    with pytest.raises(CannotExport, match="operators are those of opset 7"):
        exported(card, tmp_path, "onnx")
    other = taken(file_with(tmp_path, opset=11))
    with pytest.raises(CannotExport, match="cannot be written as ONNX with int8"):
        exported(other, tmp_path, "onnx", "int8")


@pytest.mark.parametrize("net", [floating, whole])
def test_a_tflite_file_goes_to_openvino(net, tmp_path):
    file = tmp_path / "net.tflite"
    file.write_bytes(net(32).bytes())
    card = taken(file, preprocessing="symmetric")
    result, folder = exported(card, tmp_path, "openvino")
    assert all(proof.largest_difference <= 1e-4 for proof in result.report.proofs)
    assert len(run_example(folder)) == 3
    with pytest.raises(CannotExport, match="can be written as openvino alone"):
        exported(card, tmp_path, "litert")
