"""Weights as eight or four bits, and adapters: what they add to the fields and weights of a dense layer."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short, to_the_maker
from desktop_app.core.library.inspection.keras.network.fields import (
    built_in,
    either,
    integer,
    nothing,
    number,
    optional,
)
from desktop_app.core.library.inspection.keras.network.fields import dtype as plain_dtype

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.library.inspection.keras.network.fields import Check
    from desktop_app.core.library.inspection.keras.network.rule import Config, Shape

_MODE = re.compile(r"int8|int4(/-1|/[1-9][0-9]{0,4})?")
_SOURCES = {"float32", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16"}
_ADVICE = to_the_maker(
    "quantize it with model.quantize('int8') or model.quantize('int4'), or save it without quantization"
)

LORA: Mapping[str, Check] = {"lora_rank": optional(integer(1, 4096)), "lora_alpha": optional(number)}
"""Keras adds an adapter to the kernel when it saves a model, so the file only says that there was one."""


def _dtype(value: Any, where: str) -> None:
    """A plain number format, or the format of quantized weights."""
    if not _is_quantized(value):
        plain_dtype(value, where)
        return
    names = {"QuantizedDTypePolicy", "Int4DTypePolicy", "GPTQDTypePolicy", "AWQDTypePolicy",
             "QuantizedFloat8DTypePolicy"}  # fmt: skip
    built_in(value, {"keras.dtype_policies"}, names, where)
    config = value["config"]
    mode = config.get("mode")
    known = set(config) == {"mode", "source_name"} and isinstance(config["source_name"], str)
    if (
        not known
        or not isinstance(mode, str)
        or not _MODE.fullmatch(mode)
        or config["source_name"] not in _SOURCES
    ):
        refuse(f"{where} is quantized as {short(mode)}, which Sightline does not open", _ADVICE)


def _is_quantized(value: Any) -> bool:
    return isinstance(value, dict) and value.get("module") == "keras.dtype_policies"


def _settings(value: Any, where: str) -> None:
    """Nothing, or Keras's own settings of the two kinds of quantization."""
    if value is None:
        return
    if not isinstance(value, dict):
        refuse(f"{where} is not empty")
    built_in(value, {"keras.quantizers"}, {"Int8QuantizationConfig", "Int4QuantizationConfig"}, where)
    config = value["config"]
    if not set(config) <= {"weight_quantizer", "activation_quantizer", "block_size"}:
        refuse(f"{where} has unknown fields")
    nothing(config.get("weight_quantizer"), f"{where} for weights")
    either(integer(1, 2**16), optional(integer(-1, -1)))(config.get("block_size"), f"{where} for blocks")
    inner = config.get("activation_quantizer")
    if inner is None:
        return
    if not isinstance(inner, dict):
        refuse(f"{where} for activations is not empty")
    built_in(inner, {"keras.quantizers"}, {"AbsMaxQuantizer"}, where)
    expected = {"value_range": [-127, 127], "epsilon": inner["config"].get("epsilon"), "output_dtype": "int8"}
    number(expected["epsilon"], where)
    if {key: each for key, each in inner["config"].items() if key != "axis"} != expected:
        refuse(f"{where} for activations has unknown fields")
    if "axis" in inner["config"]:
        optional(integer(-1, 8))(inner["config"]["axis"], where)


QUANTIZED: Mapping[str, Check] = {"dtype": _dtype, "quantization_config": _settings}
"""Fields of a layer that can be quantized."""


def quantized_weights(config: Config, kernel: Shape, scale: Shape) -> tuple[Shape, ...] | None:
    """Work out what a quantized layer stores in place of its kernel.

    Args:
        config: Its configuration.
        kernel: Shape of the kernel as it was, reduced to rows and columns.
        scale: Shape of the factors for eight bits.

    Returns:
        Shapes of the kernel and, after the bias, of what belongs to it; None where it is not quantized.

    Raises:
        ModelError: Its settings contradict each other.
    """
    settings = config.get("quantization_config")
    if not _is_quantized(config.get("dtype")):
        if settings is not None:
            refuse("a layer has settings of a quantization that it does not have")
        return None
    mode = config["dtype"]["config"]["mode"]
    name = "Int8QuantizationConfig" if mode == "int8" else "Int4QuantizationConfig"
    if settings is not None and settings["class_name"] != name:
        refuse("a layer has settings of a quantization that it does not have")
    if mode == "int8":
        return kernel, scale
    rows, columns = math.prod(kernel[:-1]), kernel[-1]
    packed = (rows, -(-columns // 2))
    block = _block(mode, settings)
    if block is None:
        return packed, (columns,)
    grouped = (-(-rows // block), columns)
    return packed, grouped, grouped, (rows,)


def _block(mode: str, settings: Mapping[str, Any] | None) -> int | None:
    """Rows of the kernel that share a factor; None for all."""
    named = int(mode.partition("/")[2] or -1)
    size = settings["config"].get("block_size") if settings is not None else named
    size = -1 if size is None else size
    if size != named and "/" in mode:
        refuse("a layer has settings of a quantization that it does not have")
    return None if size == -1 else size


def is_flat(kernel: Sequence[int]) -> bool:
    """Whether a kernel has rows and columns only."""
    return len(kernel) == 2
