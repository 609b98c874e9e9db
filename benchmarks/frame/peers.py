"""Other inference engines with the very same networks; one that is not installed is reported as missing."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.engine.openvino_import import load_openvino

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

    Run = Callable[[NDArray[Any]], NDArray[np.float32]]


def missing(*packages: str) -> str:
    """Say which of the packages are not installed; empty when all are."""
    absent = [name for name in packages if find_spec(name) is None]
    if not absent:
        return ""
    verb = "is" if len(absent) == 1 else "are"
    return f"{' and '.join(absent)} {verb} not installed: `make bench` installs what is needed."


def small_to_onnx(
    function: Callable[[Any], Any], shape: Sequence[int | None], dtype: Any, path: Path
) -> Path:
    """Convert a function of one tensor, such as a small Keras model, into an ONNX file.

    For hundreds of megabytes of weights the converter takes minutes and many times their memory.

    Args:
        function: Maps the tensor to the network's output.
        shape: The tensor's shape; None for the batch size.
        dtype: The tensor's dtype.
        path: Where to write.
    """
    import tensorflow as tf

    convert = import_module("tf2onnx.convert")
    signature = [tf.TensorSpec(shape, dtype, name="pictures")]
    convert.from_function(
        tf.function(function, input_signature=signature), signature, opset=17, output_path=str(path)
    )
    return path


def vgg19_to_onnx(model: keras.Model, path: Path) -> Path:
    """Write VGG19 as an ONNX file, layer by layer.

    Args:
        model: From float32 ``(N, 224, 224, 3)`` to ``(N, 1000)`` probabilities.
        path: Where to write.
    """
    helper, numpy_helper, onnx = (import_module(f"onnx{name}") for name in (".helper", ".numpy_helper", ""))
    nodes, weights = [helper.make_node("Transpose", ["pictures"], ["input"], perm=[0, 3, 1, 2])], []
    last = "input"

    def add(operation: str, name: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(operation, [last, *inputs], [name], name=name, **attributes))
        return name

    for layer in model.layers[1:]:
        for variable, suffix in zip(layer.weights, ("kernel", "bias"), strict=False):
            values = variable.numpy()
            values = values.transpose(3, 2, 0, 1) if values.ndim == 4 else values
            weights.append(numpy_helper.from_array(np.ascontiguousarray(values), f"{layer.name}_{suffix}"))
        stored = (f"{layer.name}_kernel", f"{layer.name}_bias")
        kind = type(layer).__name__
        if kind == "Conv2D":
            last = add("Conv", f"{layer.name}_sums", *stored, pads=[1, 1, 1, 1])
            last = add("Relu", layer.name)
        elif kind == "MaxPooling2D":
            last = add("MaxPool", layer.name, kernel_shape=[2, 2], strides=[2, 2])
        elif kind == "Flatten":  # whose order Keras defines with the channels last
            last = add("Transpose", "channels_last", perm=[0, 2, 3, 1])
            last = add("Flatten", layer.name)
        else:
            last = add("Gemm", f"{layer.name}_sums", *stored)
            last = add("Softmax" if layer.name == "predictions" else "Relu", layer.name)
    shapes = (("pictures", ("N", *model.input_shape[1:])), (last, ("N", *model.output_shape[1:])))
    given, answered = (
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name, shape in shapes
    )
    graph = helper.make_graph(nodes, "vgg19", [given], [answered], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


def onnxruntime(path: Path) -> Run:
    """Load an ONNX file into onnxruntime, with a thread for each core."""
    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = cpu_count()
    options.log_severity_level = 3
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda pictures: np.asarray(session.run(None, {name: pictures})[0], np.float32)


def openvino(path: Path) -> Run:
    """Load an ONNX file into OpenVINO for single pictures, in float32 as all others compute."""
    runtime = load_openvino()
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": cpu_count(),
    }
    compiled = runtime.Core().compile_model(str(path), "CPU", settings)
    return lambda pictures: np.asarray(compiled(pictures)[0], np.float32)


def _channels_last(nn: Any) -> Any:
    """A layer that puts the channels last, without a copy where they lie so in memory."""

    class ChannelsLast(nn.Module):  # type: ignore[misc]
        def forward(self, values: Any) -> Any:
            return values.permute(0, 2, 3, 1)

    return ChannelsLast()


def torch_vgg19(model: keras.Model, *, bfloat16: bool = False) -> Run:
    """Rebuild VGG19 in PyTorch with the same weights, layer by layer, with a thread for each core.

    Args:
        model: From float32 ``(N, 224, 224, 3)`` to ``(N, 1000)`` probabilities.
        bfloat16: Whether weights and values are of that type, instead of float32.
    """
    torch: Any = import_module("torch")
    nn = torch.nn
    torch.set_num_threads(cpu_count())
    layers: list[Any] = []
    for layer in model.layers[1:]:
        kind = type(layer).__name__
        if kind == "MaxPooling2D":
            layers.append(nn.MaxPool2d(2))
        elif kind == "Flatten":  # whose order Keras defines with the channels last
            layers += [_channels_last(nn), nn.Flatten()]
        else:
            kernel, bias = (variable.numpy() for variable in layer.weights)
            if kind == "Conv2D":
                made = nn.Conv2d(kernel.shape[2], kernel.shape[3], 3, padding=1)
                kernel = kernel.transpose(3, 2, 0, 1)
            else:
                made = nn.Linear(*kernel.shape)
                kernel = kernel.T
            with torch.no_grad():
                made.weight.copy_(torch.from_numpy(np.ascontiguousarray(kernel)))
                made.bias.copy_(torch.from_numpy(bias))
            layers += [made, nn.Softmax(dim=1) if layer.name == "predictions" else nn.ReLU()]
    dtype = torch.bfloat16 if bfloat16 else torch.float32
    network = nn.Sequential(*layers).eval().to(dtype=dtype, memory_format=torch.channels_last)

    def run(pictures: NDArray[Any]) -> NDArray[np.float32]:
        with torch.inference_mode():
            given = torch.from_numpy(pictures).permute(0, 3, 1, 2).to(dtype)
            return np.asarray(network(given).float().numpy())

    return run


def check_same(
    ours: NDArray[np.floating[Any]], theirs: NDArray[np.floating[Any]], who: str, tolerance: float
) -> str:
    """Compare predictions for the same pictures; returns their largest difference, for use in a sentence.

    Raises:
        AssertionError: They differ by more than the tolerance: then they are not the same work.
    """
    apart = float(np.abs(np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)).max())
    if not apart <= tolerance:
        message = f"The probabilities of {who} differ by {apart:.2g}, more than {tolerance:g}."
        raise AssertionError(message)
    return f"probabilities at most {apart:.1g} apart"
