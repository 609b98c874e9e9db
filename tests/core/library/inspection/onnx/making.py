"""Tiny ONNX files, and the answers of OpenVINO and of ONNX Runtime for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from desktop_app.core.engine.compiled import CompiledNetwork
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.inference.foreign_network import Entrance, Preparation, read_foreign
from desktop_app.core.library.inspection.onnx.cleaning import store_onnx
from desktop_app.core.library.inspection.onnx.summary import inspect_onnx
from desktop_app.core.networks.input_spec import InputSpec

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HEIGHT, WIDTH = 9, 8
SHAPE = ("batch", 3, HEIGHT, WIDTH)
FLOAT = TensorProto.FLOAT
TRIED = np.random.default_rng(7).integers(0, 256, (2, HEIGHT, WIDTH, 3), dtype=np.uint8)


def node(kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs, outputs, name=f"{kind}_{outputs[0]}", **attributes)


def file_of(
    path: Path,
    nodes: list[onnx.NodeProto],
    weights: dict[str, Any] | None = None,
    *,
    opset: int = 18,
    shape: tuple[Any, ...] = SHAPE,
    outputs: tuple[str, ...] = ("y",),
    dtype: int = FLOAT,
    **fields: Any,
) -> Path:
    """Write a network whose input is ``x``."""
    tensors = [numpy_helper.from_array(np.asarray(each), name) for name, each in (weights or {}).items()]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("x", dtype, shape)],
        [helper.make_tensor_value_info(name, FLOAT, None) for name in outputs],
        tensors,
    )
    imports = fields.pop("imports", [helper.make_opsetid("", opset)])
    model = helper.make_model(graph, opset_imports=imports, ir_version=fields.pop("ir_version", 8), **fields)
    path.write_bytes(model.SerializeToString())
    return path


def flat(source: str = "y0", target: str = "y", opset: int = 18) -> list[onnx.NodeProto]:
    """Make the row of outputs of any result."""
    return [node("Flatten", [source], [target], axis=0 if opset < 9 else 1)]


def both(path: Path, folder: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Answers of OpenVINO for the stored copy, and of ONNX Runtime for the file itself."""
    found = inspect_onnx(path)
    stored = folder / "stored.onnx"
    store_onnx(path, stored, NEVER)
    assert inspect_onnx(stored).outputs == found.outputs
    spec = InputSpec(
        height=found.height,
        width=found.width,
        channels=found.channels,
        preprocessing="none" if found.dtype == "uint8" else "symmetric",
        layout=found.layout,
    )
    entrance = Entrance(found.dtype)
    pictures = (
        TRIED
        if TRIED.shape[1:3] == (found.height, found.width)
        else np.random.default_rng(7).integers(0, 256, (2, found.height, found.width, 3), dtype=np.uint8)
    )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    prepared = Preparation(spec, entrance)(pictures)
    name = session.get_inputs()[0].name
    expected = np.stack([_row(session.run(None, {name: each[None]})) for each in prepared])
    network = CompiledNetwork(read_foreign(stored, spec, entrance), "float32", 1)
    return network.run(pictures)[0], expected


def _row(results: list[Any]) -> NDArray[np.float32]:
    """The scores among the results of ONNX Runtime."""
    for result in results:
        if isinstance(result, np.ndarray) and result.dtype == np.float32:
            return result.reshape(-1)
    return np.array([list(mapping.values()) for mapping in results[-1]], np.float32).reshape(-1)
