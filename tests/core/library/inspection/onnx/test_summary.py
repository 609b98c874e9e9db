"""What an ONNX file says about its network."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.onnx.summary import inspect_onnx, is_onnx
from desktop_app.core.library.pixel_choices import family_clue
from tests.core.library.inspection.onnx.making import file_of, node

RANDOM = np.random.default_rng(0)


def kernel(*shape):
    return RANDOM.uniform(-1, 1, shape).astype(np.float32)


def network(path, shape, *, end=(), outputs=5, start=(), weights=None, **fields):
    """A network that flattens its picture and multiplies it."""
    count = int(np.prod([side for side in shape[1:] if isinstance(side, int)]))
    nodes = [
        *start,
        node("Flatten", ["x0" if start else "x"], ["f"]),
        node("MatMul", ["f", "w"], ["m"]),
        *end,
    ]
    nodes.append(node("Identity", [end[-1].output[0] if end else "m"], ["y"]))
    return file_of(path, nodes, {"w": kernel(count, outputs), **(weights or {})}, shape=shape, **fields)


@pytest.mark.parametrize(
    ("shape", "layout", "size"),
    [
        (("n", 3, 20, 30), "nchw", (20, 30, 3)),
        ((1, 1, 20, 30), "nchw", (20, 30, 1)),
        (("n", 20, 30, 3), "nhwc", (20, 30, 3)),
        ((1, 20, 30, 1), "nhwc", (20, 30, 1)),
        (("n", 28, 28), "nhw", (28, 28, 1)),
        (("n", 64), "flat", (8, 8, 1)),
        ((1, 192), "flat", (8, 8, 3)),
        (("n", 784), "flat", (28, 28, 1)),
    ],
)
def test_the_layout_follows_from_the_shape(tmp_path, shape, layout, size):
    found = inspect_onnx(network(tmp_path / "m.onnx", shape))
    assert (found.layout, (found.height, found.width, found.channels)) == (layout, size)
    assert (found.outputs, found.any_size, found.dtype) == (5, False, "float32")
    assert bool(found.remark) == (layout == "flat" and size[2] == 3)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((8, 3, 20, 30), "takes exactly 8 pictures"),
        ((3, 20, 30), "no axis for the number of pictures"),
        (("n", 4, 20, 30), "has no axis of 1 or 3 channels"),
        (("n", 3, 20, 3), "could have its channels first or last"),
        (("n", 65), "no square picture"),
        (("n", "count"), "how many numbers"),
        (("n", 1, 3, 20, 30), "5 axes and is no picture"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path, shape, words):
    with pytest.raises(ModelError, match=words) as refusal:
        inspect_onnx(network(tmp_path / "m.onnx", shape))
    assert refusal.value.advice


def pooled(path, **fields):
    nodes = [node("Conv", ["x", "k"], ["c"]), node("GlobalAveragePool", ["c"], ["g"])]
    return file_of(path, [*nodes, node("Flatten", ["g"], ["y"])], {"k": kernel(6, 3, 3, 3)}, **fields)


def test_a_size_that_is_open_is_a_choice(tmp_path):
    path = pooled(tmp_path / "m.onnx", shape=("n", 3, "h", "w"))
    found = inspect_onnx(path)
    assert (found.height, found.width, found.any_size) == (224, 224, True)
    small = inspect_onnx(path, (32, 48))
    assert (small.height, small.width) == (32, 48)
    assert small.operations < found.operations
    with pytest.raises(ModelError, match=r"at a time|multiplications|numbers, more than"):
        inspect_onnx(path, (4096, 4096))


def test_one_open_side_alone_takes_the_choice(tmp_path):
    found = inspect_onnx(pooled(tmp_path / "m.onnx", shape=("n", 3, "h", 50)), (32, 48))
    assert (found.height, found.width) == (32, 50)


SOFTMAX = [node("Softmax", ["m"], ["e"], axis=1)]
LOGITS = ("classification", "multi-label", "regression", "embedding")
SIGMOID = [node("Sigmoid", ["m"], ["e"])]


@pytest.mark.parametrize(
    ("end", "outputs", "kind", "tasks"),
    [
        (SOFTMAX, 5, "softmax", ("classification",)),
        ([node("LogSoftmax", ["m"], ["e"], axis=-1)], 5, "logits", ("classification",)),
        (SIGMOID, 5, "sigmoid", ("multi-label", "classification", "regression")),
        (SIGMOID, 1, "sigmoid", ("classification", "regression")),
        ((), 5, "logits", LOGITS),
        ((), 1, "logits", ("regression", "classification")),
        ([node("Div", ["m", "t"], ["e"])], 5, "logits", LOGITS),
        ([*SOFTMAX, node("Mul", ["e", "t"], ["e2"])], 5, "unknown", LOGITS),
        ([node("Relu", ["m"], ["e"])], 5, "unknown", ("embedding", "regression", "classification")),
        (
            [node("LpNormalization", ["m"], ["e"])],
            5,
            "unknown",
            ("embedding", "regression", "classification"),
        ),
    ],
)
def test_the_meaning_follows_from_the_last_operator(tmp_path, end, outputs, kind, tasks):
    weights = {"t": np.float32(2)}
    path = network(tmp_path / "m.onnx", ("n", 3, 8, 8), end=end, outputs=outputs, weights=weights)
    found = inspect_onnx(path)
    assert (found.kind, found.meaning.tasks) == (kind, tasks)
    assert found.meaning.decided or found.meaning.reason


def test_a_softmax_over_one_output_is_refused(tmp_path):
    with pytest.raises(ModelError, match="makes it 1 for every picture"):
        inspect_onnx(network(tmp_path / "m.onnx", ("n", 3, 8, 8), end=SOFTMAX, outputs=1))


MEAN = np.array([0.485, 0.456, 0.406], np.float32).reshape(1, 3, 1, 1)
BY_255 = ([node("Div", ["x", "d"], ["x0"])], {"d": np.float32(255)})
IMAGENET = ([node("Sub", ["x", "m0"], ["x1"]), node("Div", ["x1", "d"], ["x0"])], {"m0": MEAN, "d": MEAN / 2})
CENTRED = ([node("Mul", ["x", "d"], ["x1"]), node("Add", ["x1", "o"], ["x0"])],
           {"d": np.float32(1 / 127.5), "o": np.float32(-1)})  # fmt: skip


@pytest.mark.parametrize(
    ("start", "decided", "likely"),
    [(BY_255, True, "none"), (CENTRED, True, "none"), (IMAGENET, False, "unit"), ((), False, None)],
)
def test_arithmetic_at_the_start_tells_which_pixels(tmp_path, start, decided, likely):
    nodes, weights = start or ((), {})
    path = network(tmp_path / "m.onnx", ("n", 3, 8, 8), start=nodes, weights=weights)
    scaling = inspect_onnx(path).scaling
    assert (scaling.decided, scaling.likely) == (decided, likely)


def test_bytes_can_be_the_input(tmp_path):
    start = [node("Cast", ["x"], ["x0"], to=1)]
    path = network(tmp_path / "m.onnx", ("n", 8, 8, 3), start=start, dtype=TensorProto.UINT8)
    assert inspect_onnx(path).dtype == "uint8"


def scikit(path, *, zipped):
    """As skl2onnx writes a LogisticRegression: the label, and the probabilities as mappings or not."""
    values = {"coefficients": kernel(3 * 64).tolist(), "intercepts": kernel(3).tolist()}
    labels = ["cat", "dog", "owl"]
    nodes = [
        helper.make_node("LinearClassifier", ["x"], ["label", "scores"], domain="ai.onnx.ml",
                         classlabels_strings=labels, post_transform="SOFTMAX", **values),
        helper.make_node("Normalizer", ["scores"], ["p"], domain="ai.onnx.ml", norm="L1"),
    ]  # fmt: skip
    if zipped:
        nodes.append(
            helper.make_node("ZipMap", ["p"], ["y"], domain="ai.onnx.ml", classlabels_strings=labels)
        )
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 18)]
    file_of(path, nodes, shape=("n", 64), outputs=("label", "y" if zipped else "p"), imports=imports)
    return _with_output_types(path, zipped=zipped)


def _with_output_types(path, *, zipped):
    model = onnx.load(path)
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.STRING
    if zipped:
        model.graph.output[1].type.sequence_type.elem_type.map_type.key_type = TensorProto.STRING
        value = model.graph.output[1].type.sequence_type.elem_type.map_type.value_type
        value.tensor_type.elem_type = TensorProto.FLOAT
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize("zipped", [True, False])
def test_probabilities_beside_a_label_are_taken(tmp_path, zipped):
    found = inspect_onnx(scikit(tmp_path / "m.onnx", zipped=zipped))
    assert (found.layout, found.outputs, found.kind) == ("flat", 3, "softmax")
    assert found.meaning.tasks == ("classification",)
    assert found.labels == (("cat", "dog", "owl") if zipped else ())


def test_a_label_alone_is_refused(tmp_path):
    model = onnx.load(scikit(tmp_path / "m.onnx", zipped=False))
    del model.graph.output[1]
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="no scores of classes in float32, but string"):
        inspect_onnx(tmp_path / "m.onnx")


def test_two_outputs_of_scores_are_refused(tmp_path):
    nodes = [node("Flatten", ["x"], ["y"]), node("Relu", ["y"], ["z"])]
    with pytest.raises(ModelError, match=r"2 outputs of numbers \(y, z\)"):
        inspect_onnx(file_of(tmp_path / "m.onnx", nodes, outputs=("y", "z")))


def test_trees_are_refused_with_a_way(tmp_path):
    nodes = [helper.make_node("TreeEnsembleClassifier", ["x"], ["label", "y"], domain="ai.onnx.ml")]
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    with pytest.raises(ModelError, match="scikit-learn's operator 'TreeEnsembleClassifier'") as refusal:
        inspect_onnx(file_of(tmp_path / "m.onnx", nodes, imports=imports))
    assert "MLPClassifier" in refusal.value.advice


def test_what_the_output_does_not_need_is_not_looked_at(tmp_path):
    nodes = [node("Flatten", ["x"], ["y"]), helper.make_node("Odd", ["x"], ["z"], domain="odd")]
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("odd", 1)]
    assert inspect_onnx(file_of(tmp_path / "m.onnx", nodes, imports=imports)).outputs == 3 * 9 * 8


def test_files_are_recognised_by_name_or_content(tmp_path):
    path = pooled(tmp_path / "m.onnx")
    assert is_onnx(path)
    assert is_onnx(path.rename(tmp_path / "model.bin"))
    (tmp_path / "m.keras").write_bytes(b"PK\x03\x04")
    assert not is_onnx(tmp_path / "m.keras")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"version https://git-lfs.github.com/spec/v1", "only a pointer to the model"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"\x80\x04pickle", "a Python pickle"),
        (b"some text", "it is not an ONNX file"),
        (b"", "the file is empty"),
    ],
)
def test_what_is_only_called_an_onnx_file_is_named(tmp_path, start, words):
    (tmp_path / "m.onnx").write_bytes(start)
    with pytest.raises(ModelError, match=words) as refusal:
        inspect_onnx(tmp_path / "m.onnx")
    assert refusal.value.advice


def test_layers_of_keras_are_found_in_the_paths_of_tf2onnx(tmp_path):
    path = pooled(tmp_path / "m.onnx", producer_name="tf2onnx", producer_version="1.17.0")
    model = onnx.load(path)
    model.graph.node[0].name = "resnet50_1/conv1_conv_1/convolution"
    path.write_bytes(model.SerializeToString())
    found = inspect_onnx(path)
    assert {"resnet50", "conv1_conv"} <= set(found.names)
    assert found.producer == "tf2onnx 1.17.0"
    clue = family_clue(found.names)
    assert clue is not None
    assert clue.preprocessing == "vgg19"
