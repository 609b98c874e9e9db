from __future__ import annotations

import io

import numpy as np
import pytest

from desktop_app.core.export import asking
from desktop_app.core.export.conversion import held_weights
from desktop_app.core.export.conversion import onnx_model as onnx_model_module
from desktop_app.core.export.conversion.blame import layers_in
from desktop_app.core.export.conversion.formats import FORMATS
from desktop_app.core.export.conversion.onnx_model import onnx_model
from desktop_app.core.export.conversion.onnx_weights import as_bytes, as_halves
from desktop_app.core.export.conversion.picture_model import picture_model
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.conversion.writing import write_model
from tests.core.export.models import SIDE, card, convolution, network, pictures

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

APART = {"float32": 1e-5, "float16": 2e-3, "int8": 0.1}
SMALLER = {"float32": 1.0, "float16": 0.75, "int8": 0.5}


@pytest.fixture(scope="module")
def model(engine):
    return picture_model(card(preprocessing="unit"), network(convolution("tanh")), "softmax")


def answers(form, path):
    run, _version, at_once = asking.ENGINES[FORMATS[form].engines[-1]](path)
    return asking.ask(run, pictures(9), at_once)


def size(path):
    """Bytes of the file that holds the weights."""
    weights = path.with_suffix(".bin")
    return (weights if weights.exists() else path).stat().st_size


@pytest.mark.parametrize(
    ("form", "precision"), [(form, each) for form, facts in FORMATS.items() for each in facts.precisions]
)
def test_what_is_written_answers_alike(form, precision, model, tmp_path, capsys):
    expected = np.asarray(model(pictures(9)))
    path = write_model(model, tmp_path, form, precision)
    found = answers(form, path)
    apart = np.abs(found - expected).max()
    assert apart <= APART[precision]
    if precision != "float32":
        assert apart > 1e-7
        whole = tmp_path / "whole"
        whole.mkdir()
        kept = size(path)
        assert kept < SMALLER[precision] * size(write_model(model, whole, form, "float32"))
    assert "9 of 9 pictures" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["onnx", "litert", "openvino"])
@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_weights_that_are_put_in_afterwards_are_those_of_the_network(form, precision, tmp_path, monkeypatch):
    import keras

    monkeypatch.setattr(held_weights, "LARGE", 50)
    kinds = keras.layers
    layers = (
        kinds.Conv2D(16, 3), kinds.BatchNormalization(), kinds.DepthwiseConv2D(3, padding="same"),
        kinds.Conv2DTranspose(16, 2, activation="relu"), kinds.SeparableConv2D(24, 3), kinds.Dense(40),
    )  # fmt: skip
    described = picture_model(card(mirrored=True, preprocessing="unit"), network(*layers), "softmax")
    assert len(held_weights.held_function(described, 1).weights) == 7
    expected = np.asarray(described(pictures(9)))
    assert np.ptp(expected, axis=0).max() > 0.005
    path = write_model(described, tmp_path, form, precision)
    assert np.abs(answers(form, path) - expected).max() <= APART[precision]
    if form == "onnx":
        import onnx

        proto = onnx.load(path)
        onnx.checker.check_model(proto, full_check=True)
        assert [each.name for each in proto.graph.input] == ["picture"]
        turned = [node for node in proto.graph.node if node.op_type in ("Transpose", "Reshape")]
        weights = {each.name for each in proto.graph.initializer}
        assert not [node for node in turned if node.input[0] in weights]


def test_a_model_that_cannot_be_converted_without_its_weights_is_converted_with_them(tmp_path, monkeypatch):
    monkeypatch.setattr(held_weights, "LARGE", 50)
    described = picture_model(card(preprocessing="unit"), network(convolution()), "softmax")
    real = onnx_model_module.with_arrays

    def first_fails(proto, weights):
        if weights:
            raise CannotExport("A held weight is in the way.")
        return real(proto, weights)

    monkeypatch.setattr(onnx_model_module, "with_arrays", first_fails)
    path = write_model(described, tmp_path, "onnx", "float32")
    assert np.abs(answers("onnx", path) - np.asarray(described(pictures(9)))).max() < 1e-5


@pytest.mark.parametrize("activation", ["gelu", "celu"])
def test_onnx_gets_operators_that_it_has(activation, tmp_path):
    described = picture_model(card(), network(convolution(activation)), "softmax")
    path = write_model(described, tmp_path, "onnx", "float32")
    assert np.abs(answers("onnx", path) - np.asarray(described(pictures(9)))).max() < 1e-6


def test_onnx_has_one_input_and_one_output(model):
    import keras

    normalised = network(keras.layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0]))
    for each in (model, picture_model(card(), normalised, "softmax")):
        file = onnx_model(each)
        assert file.inputs() == ["picture"]
        assert [value.name for value in file.proto.graph.output] == ["probabilities"]


def test_a_second_input_is_refused():
    import keras

    odd = keras.layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0], name="odd")
    picture = keras.Input((SIDE, SIDE, 3), dtype="uint8", name="picture")
    model = keras.Model(picture, keras.layers.Flatten()(odd(picture)))
    with pytest.raises(CannotExport, match="layer 'odd' \\(Normalization\\)"):
        onnx_model(model)


@pytest.mark.parametrize("form", ["onnx", "litert", "openvino"])
def test_a_layer_that_a_format_does_not_have_is_named(form, tmp_path):
    import keras

    shrunk = keras.layers.Resizing(6, 6, interpolation="lanczos3", antialias=True, name="shrunk")
    described = picture_model(card(), network(shrunk), "softmax")
    with pytest.raises(CannotExport, match="its layer 'shrunk' \\(Resizing\\) cannot be written") as raised:
        write_model(described, tmp_path, form, "float32")
    assert "no operator ScaleAndTranslate" in str(raised.value)


def test_names_are_found_between_slashes_with_and_without_numbers():
    import keras

    model = network(keras.layers.ReLU(name="relu"), keras.layers.ReLU(name="relu_1"))
    found = [layer.name for layer in layers_in("tiny_1/relu_1/Relu and tiny_1/last_2/MatMul", model)]
    assert found == ["relu_1", "last"]
    assert layers_in("relu and last", model) == []


def test_a_recurrent_network_is_written(tmp_path):
    import keras

    rows = keras.layers.Reshape((SIDE, 3 * SIDE))
    both = keras.layers.Bidirectional(keras.layers.LSTM(5, name="lstm"))
    described = picture_model(card(preprocessing="unit"), network(rows, both), "softmax")
    expected = np.asarray(described(pictures(9)))
    for form in ("onnx", "litert", "openvino"):
        (tmp_path / form).mkdir()
        path = write_model(described, tmp_path / form, form, "float32")
        assert np.abs(answers(form, path) - expected).max() < 1e-6


def test_nothing_to_round_is_said_and_not_written_as_if_it_were():
    small = picture_model(card(), network(), "softmax")
    for change in (as_halves, as_bytes):
        file = onnx_model(small)
        for name in list(file.arrays):
            file.drop(name)
        with pytest.raises(CannotExport, match="no weights that would become smaller"):
            change(file)


def test_a_weight_beyond_half_precision_is_refused(tmp_path):
    model = network(convolution())
    layer = model.get_layer("last")
    kernel, bias = layer.get_weights()
    kernel[0, 0] = 1e5
    layer.set_weights([kernel, bias])
    with pytest.raises(CannotExport, match="weights above 65,504"):
        write_model(picture_model(card(), model, "softmax"), tmp_path, "onnx", "float16")


def test_asking_says_in_one_line_why_it_cannot_open_a_file(tmp_path, capsys):
    (tmp_path / "model.onnx").write_bytes(b"no model")
    np.save(tmp_path / "pictures.npy", pictures())
    words = [tmp_path / "model.onnx", tmp_path / "pictures.npy", tmp_path / "answers.npy"]
    assert asking.main(["onnxruntime", *map(str, words)]) == 1
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    assert "model.onnx" in output
    assert not (tmp_path / "answers.npy").exists()


def test_who_asked_is_gone(monkeypatch):
    parents = iter([7, 1])
    monkeypatch.setattr(asking.os, "getppid", lambda: next(parents))
    with pytest.raises(SystemExit):
        asking.ask(lambda each: each, pictures(), 1)


def test_asking_imports_nothing_of_sightline():
    from pathlib import Path

    source = io.StringIO(Path(asking.__file__).read_text(encoding="utf-8"))
    assert not [line for line in source if "import" in line and "desktop_app" in line]


def test_too_little_memory_for_a_converter_is_said_beforehand(model, monkeypatch, tmp_path):
    monkeypatch.setattr(held_weights, "free_memory", lambda: 1000)
    for form, precision in (("onnx", "float32"), ("litert", "int8")):
        with pytest.raises(CannotExport, match=r"of memory, and 1\.0 kB are free"):
            write_model(model, tmp_path, form, precision)
    monkeypatch.setattr(onnx_model_module, "MOST_BYTES", 1000)
    with pytest.raises(CannotExport, match="more than 2 GB"):
        onnx_model(model)
