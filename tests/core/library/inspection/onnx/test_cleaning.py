"""The stored copy holds what the answers need, and nothing else."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.library.inspection.onnx.cleaning import store_onnx
from desktop_app.core.library.inspection.onnx.summary import inspect_onnx
from tests.core.library.inspection.onnx.making import both, file_of, node
from tests.core.library.inspection.onnx.test_summary import scikit

SECRET = "a secret text"


@pytest.fixture
def talkative(tmp_path):
    """A file with everything that exporters put in besides the network."""
    kernel = np.random.default_rng(1).uniform(-1, 1, (4, 3, 3, 3)).astype(np.float32)
    nodes = [
        node("Conv", ["x", f"{SECRET} k"], ["c"], pads=[1, 1, 1, 1]),
        node("Relu", ["c"], ["unused"]),
        node("GlobalAveragePool", ["c"], ["g"]),
        node("Flatten", ["g"], ["y"]),
    ]
    path = file_of(
        tmp_path / "m.onnx",
        nodes,
        {f"{SECRET} k": kernel, f"{SECRET} other": kernel},
        doc_string=SECRET,
        producer_name=SECRET,
    )
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {SECRET: SECRET})
    model.graph.doc_string = SECRET
    model.graph.name = SECRET
    model.graph.node[0].doc_string = SECRET
    model.graph.node[0].name = f"{SECRET}\x1b[31m"
    model.graph.node[0].metadata_props.add(key="namespace", value=f"{SECRET}: x")
    model.graph.initializer[0].doc_string = SECRET
    model.graph.value_info.append(onnx.helper.make_tensor_value_info(SECRET, 1, [1]))
    path.write_bytes(model.SerializeToString())
    return path


def stored(path):
    target = path.with_name("stored.onnx")
    store_onnx(path, target, NEVER)
    return target


def test_nothing_but_the_network_is_kept(talkative):
    target = stored(talkative)
    assert SECRET.encode() not in target.read_bytes()
    model = onnx.load(target)
    onnx.checker.check_model(model, full_check=True)
    assert [each.op_type for each in model.graph.node] == ["Conv", "GlobalAveragePool", "Flatten"]
    assert len(model.graph.initializer) == 1
    assert model.graph.node[0].name == ""
    assert (model.graph.input[0].name, model.graph.output[0].name) == ("picture", "outputs")


def test_the_answers_and_the_summary_stay(talkative, tmp_path):
    found, expected = both(talkative, tmp_path)
    assert found == pytest.approx(expected, abs=1e-5)
    before, after = inspect_onnx(talkative), inspect_onnx(stored(talkative))
    assert (before.height, before.layout, before.outputs, before.parameters, before.kind) == (
        after.height, after.layout, after.outputs, after.parameters, after.kind,
    )  # fmt: skip


def test_the_copy_of_a_copy_is_the_same(talkative):
    once = stored(talkative)
    again = once.with_name("again.onnx")
    store_onnx(once, again, NEVER)
    assert again.read_bytes() == once.read_bytes()


def test_numbers_stored_one_by_one_are_kept(tmp_path):
    kernel = np.random.default_rng(1).uniform(-1, 1, (216, 5)).astype(np.float32)
    path = file_of(tmp_path / "m.onnx", [node("Flatten", ["x"], ["f"]), node("MatMul", ["f", "w"], ["y"])])
    model = onnx.load(path)
    tensor = model.graph.initializer.add(name="w", data_type=1, dims=kernel.shape)
    tensor.float_data.extend(kernel.reshape(-1).tolist())
    path.write_bytes(model.SerializeToString())
    kept = onnx.load(stored(path)).graph.initializer[0]
    assert (numpy_helper.to_array(kept) == kernel).all()


def test_linear_models_of_scikit_learn_are_rewritten(tmp_path):
    path = scikit(tmp_path / "m.onnx", zipped=True)
    found, expected = both(path, tmp_path)
    assert found == pytest.approx(expected, abs=1e-5)
    kinds = {each.op_type for each in onnx.load(stored(path)).graph.node}
    assert kinds == {"Gemm", "Softmax", "ReduceL1", "Max", "Div"}


def test_it_can_be_cancelled(talkative):
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        store_onnx(talkative, talkative.with_name("stored.onnx"), source.token)


def test_what_is_refused_is_not_copied(tmp_path):
    path = file_of(tmp_path / "m.onnx", [node("Hardmax", ["x"], ["y"])])
    with pytest.raises(ModelError, match="'Hardmax' is not on Sightline's list"):
        store_onnx(path, tmp_path / "stored.onnx", NEVER)
