"""``.tflite`` files written operator by operator, with the classes that TensorFlow generated of its schema.

They are loaded from the file that has them: TensorFlow itself, which takes seconds, stays away.
"""

from __future__ import annotations

import functools
import importlib.util
import math
import sys
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np

TYPES = {"float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int64": 4, "int16": 7, "int8": 9}


@functools.cache
def schema() -> Any:
    package = importlib.util.find_spec("tensorflow").submodule_search_locations[0]
    path = Path(package) / "lite" / "python" / "schema_py_generated.py"
    spec = importlib.util.spec_from_file_location("tflite_schema", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["tflite_schema"] = module
    spec.loader.exec_module(module)
    return module


class Net:
    """A network that grows operator by operator."""

    def __init__(self, shape=(1, 8, 8, 3), dtype="float32", **quantisation: Any) -> None:
        self.schema = schema()
        self.model = self.schema.ModelT()
        self.model.version = 3
        self.model.operatorCodes = []
        self.model.buffers = [self.schema.BufferT()]
        self.graph = self.schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs = [self.graph]
        self.graph.inputs = [self.tensor(shape, dtype, **quantisation)]
        self.graph.outputs = [0]

    def tensor(self, shape, dtype="float32", data=None, scale=None, zero=0, axis=0, signature=None, name=""):
        """Add a tensor; with data it is stored."""
        tensor = self.schema.TensorT()
        tensor.shape, tensor.type, tensor.buffer = list(shape), TYPES[dtype], 0
        tensor.name = (name or f"tensor{len(self.graph.tensors)}").encode()
        if signature is not None:
            tensor.shapeSignature = list(signature)
        if scale is not None:
            tensor.quantization = self.schema.QuantizationParametersT()
            tensor.quantization.scale = [float(one) for one in np.atleast_1d(scale)]
            tensor.quantization.zeroPoint = [int(one) for one in np.atleast_1d(zero)]
            tensor.quantization.quantizedDimension = axis
        if data is not None:
            buffer = self.schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data, dtype).tobytes(), np.uint8)
            tensor.buffer = len(self.model.buffers)
            self.model.buffers.append(buffer)
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, data, dtype="float32", **more: Any) -> int:
        array = np.asarray(data, dtype)
        return self.tensor(array.shape, dtype, array, **more)

    def add(self, kind: str, inputs, shape, dtype="float32", *, options=None, version=1, **more: Any) -> int:
        """Add an operator with one output of that shape, which becomes the network's output."""
        output = self.tensor(shape, dtype, **more)
        self.operator(kind, inputs, [output], options=options, version=version)
        self.graph.outputs = [output]
        return output

    def operator(self, name: str, inputs, outputs, *, options=None, version=1) -> Any:
        code = getattr(self.schema.BuiltinOperator, name)
        kind = self.schema.OperatorCodeT()
        kind.builtinCode, kind.deprecatedBuiltinCode, kind.version = code, min(code, 127), version
        self.model.operatorCodes.append(kind)
        operator = self.schema.OperatorT()
        operator.opcodeIndex = len(self.model.operatorCodes) - 1
        operator.inputs, operator.outputs = list(inputs), list(outputs)
        if options is not None:
            table, fields = options
            operator.builtinOptionsType = getattr(self.schema.BuiltinOptions, table)
            operator.builtinOptions = getattr(self.schema, f"{table}T")()
            for field, value in fields.items():
                assert hasattr(operator.builtinOptions, field), field
                setattr(operator.builtinOptions, field, value)
        self.graph.operators.append(operator)
        return operator

    def row(self) -> int:
        """End in one row."""
        last = self.graph.tensors[self.graph.outputs[0]]
        row = (1, math.prod(last.shape))
        if tuple(last.shape) == row:
            return self.graph.outputs[0]
        dtype = next(name for name, code in TYPES.items() if code == last.type)
        quantisation = {}
        if last.quantization is not None:
            quantisation = {"scale": last.quantization.scale, "zero": last.quantization.zeroPoint}
        shape = self.constant(row, "int32")
        return self.add("RESHAPE", [self.graph.outputs[0], shape], row, dtype, **quantisation)

    def bytes(self) -> bytes:
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def write(self, path: Path) -> Path:
        path.write_bytes(self.bytes())
        return path


def classifier(outputs: int = 3, side: int = 8, channels: int = 3, seed: int = 0, **entry: Any) -> Net:
    """A small honest network: convolution, mean, dense, softmax."""
    random = np.random.default_rng(seed)
    net = Net((1, side, side, channels), **entry)
    kernel = net.constant(random.normal(size=(4, 3, 3, channels)), name="conv/kernel")
    bias = net.constant(random.normal(size=4))
    options = ("Conv2DOptions", {"strideW": 1, "strideH": 1, "dilationWFactor": 1, "dilationHFactor": 1})
    value = net.add("CONV_2D", [0, kernel, bias], (1, side, side, 4), options=options)
    axes = net.constant([1, 2], "int32")
    value = net.add("MEAN", [value, axes], (1, 4), options=("ReducerOptions", {"keepDims": False}))
    weights = net.constant(random.normal(size=(outputs, 4)))
    value = net.add(
        "FULLY_CONNECTED", [value, weights, -1], (1, outputs), options=("FullyConnectedOptions", {})
    )
    net.add("SOFTMAX", [value], (1, outputs), options=("SoftmaxOptions", {"beta": 1.0}))
    return net
