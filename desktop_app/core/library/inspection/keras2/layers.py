"""One layer's configuration, from the words of Keras 2 to those of Keras 3.

What only matters to training (how weights start, penalties, constraints) is left out: the weights come from
the file. Whatever is unknown here is handed on, and refused by the list of layers if it is not on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short

Record = dict[str, Any]
"""A layer as Keras writes it down: ``class_name``, ``config`` and so on."""

LAYERS_MODULE = "keras.layers"
ZEROS: Record = {
    "module": "keras.initializers",
    "class_name": "Zeros",
    "config": {},
    "registered_name": None,
}
_FUNCTION_ADVICE = (
    "If you made it yourself: use one of Keras's own activations, such as 'relu', and save it again. "
    "If it is somebody else's: ask for such a file."
)
_SIGMOID_GAIN = 1.2
"""The hard_sigmoid of Keras 2 is ``clip(0.2 x + 0.5, 0, 1)``, that of Keras 3 ``clip(x / 6 + 0.5, 0, 1)``:
the first is the second of ``1.2 x``."""


@dataclass(frozen=True, slots=True)
class Gain:
    """Part of a weight's last axis that is multiplied by a factor.

    Attributes:
        blocks: Number of equal blocks along the axis, one for each gate of a recurrent layer.
        scaled: The blocks that are multiplied.
    """

    blocks: int = 1
    scaled: tuple[int, ...] = (0,)
    factor: float = _SIGMOID_GAIN


@dataclass(slots=True)
class Pieces:
    """What a layer becomes.

    Attributes:
        records: One after the other, usually one; each gets the result of the one before.
        gains: Changes of the weights of the record with the layer's name, by their position.
    """

    records: list[Record]
    gains: tuple[Gain | None, ...] = ()


@dataclass(slots=True)
class _Notes:
    """What is found out about one configuration on the way."""

    before: list[Record] = field(default_factory=list)
    after: list[Record] = field(default_factory=list)
    gains: tuple[Gain | None, ...] = ()


def make_layer(class_name: str, config: Record) -> Record:
    """Describe a layer of Keras 3's own."""
    return {
        "module": _MODULES.get(class_name, LAYERS_MODULE),
        "class_name": class_name,
        "config": config,
        "registered_name": None,
    }


def plain_name(record: Record) -> str:
    """Class name without what Keras 2 puts in front of those of its own that it registers."""
    name = record.get("class_name")
    if not isinstance(name, str):
        refuse(f"it contains a layer of an unknown kind, {short(name)}")
    own = name.removeprefix("Custom>")
    return own if own in _REGISTERED else name


def translate_layer(record: Record, *, modern: bool) -> Pieces:
    """Translate a layer that is neither an input, nor a model, nor an operation.

    Args:
        record: The layer as the file has it.
        modern: Whether Keras 3 wrote it, so that only the form of the record differs.

    Returns:
        The layer, with another one before or behind it where Keras 3 needs two for the same.

    Raises:
        ModelError: It has a setting that Keras 3 has not.
    """
    name = plain_name(record)
    config = _config_of(record)
    result = make_layer(name, config)
    if not _is_own(record):  # the list says what is wrong with it
        return Pieces([{**result, "module": record["module"], "registered_name": record["registered_name"]}])
    notes = _Notes()
    where = f"the layer {short(config.get('name'))}"
    _leave_training_out(config)
    if modern:
        for key in ("layer", "backward_layer"):
            if isinstance(config.get(key), dict):
                config[key] = translate_layer(config[key], modern=True).records[0]
        return Pieces([result])
    _rename_fields(name, config, where)
    if change := _SPECIAL.get(name):
        change(result, notes, where)
    _activations(result, notes, where)
    return Pieces([*notes.before, result, *notes.after], notes.gains)


def _rename_fields(name: str, config: Record, where: str) -> None:
    """Bring a configuration to the fields that Keras 3 has, in place."""
    for key, value in config.items():
        config[key] = _plain(value)
    if "dtype" in config:
        config["dtype"] = number_format(config["dtype"])
    for key in (*_DROPPED, *_SHAPES.get(name, ())):
        config.pop(key, None)
    for key, neutral in _NEUTRAL.get(name, {}).items():
        if key in config and config.pop(key) not in neutral:
            refuse(f"{where} sets {key}, which Keras 3 does not have")
    for key, value in _DEFAULTS.get(name, {}).items():
        config.setdefault(key, value)
    for old, new in _RENAMED.get(name, {}).items():
        if old in config:
            config[new] = config.pop(old)


def number_format(value: Any) -> Any:
    """Name of a number format, from a name or one of the policies that Keras 2 writes."""
    if isinstance(value, dict) and value.get("class_name") in {"Policy", "PolicyV1", "DTypePolicy"}:
        config = value.get("config")
        value = config.get("name") if isinstance(config, dict) else None
    return "float32" if value is None else value


def _is_own(record: Record) -> bool:
    """Whether it is one of Keras's own: old files name the class only, newer ones its module too."""
    module, registered = record.get("module"), record.get("registered_name")
    if module is None and registered is None:
        return True
    name = plain_name(record)
    return (
        isinstance(module, str)
        and module.split(".")[0] in {"keras", "tf_keras"}
        and registered in (None, name, f"Custom>{name}")
    )


def _config_of(record: Record) -> Record:
    config = record.get("config")
    if not isinstance(config, dict):
        refuse("a layer has no configuration")
    return dict(config)


def _leave_training_out(config: Record) -> None:
    for key in list(config):
        if key.endswith("_initializer"):
            config[key] = dict(ZEROS)
        elif key.endswith(("_regularizer", "_constraint")):
            config[key] = None


def _plain(value: Any) -> Any:
    """Number or list from the wrappings that Keras 2 puts around numbers of NumPy and around tuples."""
    if isinstance(value, dict):
        kind = value.get("class_name", value.get("type"))
        inner = value.get("config")
        if kind in {"__numpy__", "__tensor__"} and isinstance(inner, dict):
            return inner.get("value")
        if kind == "ndarray":
            return value.get("value")
        if kind == "__tuple__" and isinstance(value.get("items"), list):
            return [_plain(each) for each in value["items"]]
    return value


def _activations(record: Record, notes: _Notes, where: str) -> None:
    """Bring activation functions to names that Keras 3 has, or to layers behind this one."""
    config = record["config"]
    recurrent = record["class_name"] in _GATES
    for key in ("activation", "recurrent_activation"):
        if key not in config:
            continue
        value = config[key]
        if isinstance(value, dict):
            config[key] = _activation_object(record, value, notes, where, recurrent)
        elif value is None:
            config[key] = "linear"
    if recurrent:
        notes.gains = _recurrent_gains(record, where)
    elif config.get("activation") == "hard_sigmoid":
        if record["class_name"] == "Activation":
            scale = {"name": f"{config['name']}_scale", "scale": _SIGMOID_GAIN, "offset": 0.0}
            notes.before.append(make_layer("Rescaling", {**_common(config), **scale}))
        elif record["class_name"] in _SCALED:
            notes.gains = _SCALED[record["class_name"]]
        else:
            refuse(f"{where} uses Keras 2's hard_sigmoid, which Keras 3 computes differently")


def _activation_object(record: Record, value: Record, notes: _Notes, where: str, recurrent: bool) -> str:
    """Move a layer that stands for an activation function behind the layer whose activation it is."""
    name = value.get("class_name")
    if name in {"function", None} or not isinstance(value.get("config"), dict):
        shown = value.get("config")
        called = f" {short(shown)}" if isinstance(shown, str) else ""
        refuse(f"{where} uses a function of its maker's own{called} as activation", _FUNCTION_ADVICE)
    if recurrent or not isinstance(name, str) or name not in _AS_ACTIVATION:
        refuse(f"{where} uses the layer {short(name)} as activation")
    inner = {**value, "config": {**value["config"], **_common(record["config"])}}
    inner["config"]["name"] = f"{record['config']['name']}_activation"
    notes.after.extend(translate_layer(inner, modern=False).records)
    return "linear"


def _common(config: Record) -> Record:
    return {key: config[key] for key in ("trainable", "dtype") if key in config}


def _recurrent_gains(record: Record, where: str) -> tuple[Gain | None, ...]:
    """Which gates of a recurrent layer have Keras 2's hard_sigmoid."""
    config = record["config"]
    blocks, gates, candidate = _GATES[record["class_name"]]
    scaled: tuple[int, ...] = ()
    if blocks > 1 and config.get("recurrent_activation") is None:
        refuse(f"{where} does not say which recurrent_activation it has")
    if config.get("recurrent_activation") == "hard_sigmoid":
        scaled += gates
    if config.get("activation") == "hard_sigmoid":
        if record["class_name"] == "LSTM":  # it is applied to the state too, which no weight scales
            refuse(f"{where} uses Keras 2's hard_sigmoid, which Keras 3 computes differently")
        scaled += candidate
    if not scaled:
        return ()
    return (Gain(blocks, scaled),) * (3 if config.get("use_bias", True) else 2)


def _recurrent(record: Record, _notes: _Notes, where: str) -> None:
    if record["config"].pop("time_major", False):
        refuse(f"{where} has the time axis first, which Keras 3 does not have")


def _both_ways(record: Record, notes: _Notes, where: str) -> None:
    config = record["config"]
    forward = config.get("layer")
    if not isinstance(forward, dict) or not isinstance(forward.get("config"), dict):
        refuse("a layer has no configuration")
    backward = config.get("backward_layer")
    if backward is None:
        turned = {**forward["config"], "go_backwards": not forward["config"].get("go_backwards", False)}
        backward = {**forward, "config": turned}
    pair = [translate_layer(each, modern=False) for each in (forward, backward)]
    if any(len(pieces.records) != 1 or pieces.records[0]["class_name"] not in _GATES for pieces in pair):
        refuse(f"{where} goes both ways with something else than a recurrent layer")
    name = str(forward["config"].get("name"))
    for pieces, direction in zip(pair, ("forward", "backward"), strict=True):
        pieces.records[0]["config"]["name"] = f"{direction}_{name.removeprefix('forward_')}"
    config["layer"], config["backward_layer"] = (pieces.records[0] for pieces in pair)
    if any(pieces.gains for pieces in pair):
        counts = [3 if pieces.records[0]["config"].get("use_bias", True) else 2 for pieces in pair]
        notes.gains = tuple(
            gain
            for pieces, count in zip(pair, counts, strict=True)
            for gain in (pieces.gains or (None,) * count)
        )


def _wrapper(record: Record, notes: _Notes, where: str) -> None:
    inner = record["config"].get("layer")
    if not isinstance(inner, dict):
        refuse("a layer has no configuration")
    pieces = translate_layer(inner, modern=False)
    if len(pieces.records) != 1:
        refuse(f"{where} wraps a layer that Keras 3 would need two for")
    record["config"]["layer"] = pieces.records[0]
    notes.gains = pieces.gains


def _one_axis(record: Record, _notes: _Notes, _where: str) -> None:
    axis = record["config"].get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        record["config"]["axis"] = axis[0]


def _threshold(record: Record, _notes: _Notes, _where: str) -> None:
    """ThresholdedReLU is a case of ReLU."""
    record["class_name"] = "ReLU"
    record["config"].update(max_value=None, negative_slope=0.0)


def _relu(record: Record, _notes: _Notes, _where: str) -> None:
    for key in ("negative_slope", "threshold"):
        if record["config"].get(key) is None:
            record["config"][key] = 0.0


def _nothing_when_predicting(record: Record, _notes: _Notes, _where: str) -> None:
    """It changes pictures in training only, and Keras 3 has no such layer."""
    record["class_name"] = "Identity"
    record["config"] = {"name": record["config"].get("name"), **_common(record["config"])}


_MODULES = {
    "LayerScale": "keras.src.applications.convnext",
    "CustomScaleLayer": "keras.src.applications.inception_resnet_v2",
}
"""Layers that only networks of `keras.applications` have."""
_REGISTERED = {
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
    "RandomHeight", "RandomWidth", "RandomCrop", "Rescaling", "Resizing", "CenterCrop", "Normalization",
    "GroupNormalization", "UnitNormalization", "SpectralNormalization", "LayerScale", "CustomScaleLayer",
}  # fmt: skip
"""Layers that some versions of Keras 2 write as ``Custom>Name``."""

_DROPPED = (
    "batch_input_shape", "batch_size", "input_shape", "input_dtype", "implementation", "dynamic", "fused",
    "experimental_autocast", "autocast", "adjustment", "rng_type", "robust_masking", "softmax_robust_masking",
)  # fmt: skip
"""Fields that say nothing about the numbers."""
_DROPOUT: dict[str, tuple[Any, ...]] = {"noise_shape": (None,), "trainable": (True, False)}
"""Keras 3 gives these layers no such field."""
_SHAPES = {"MultiHeadAttention": ("query_shape", "key_shape", "value_shape")}
_ONE_GROUP: dict[str, tuple[Any, ...]] = {"groups": (1, None)}
_OWN_KERNEL = {f"kernel_{kind}": (None, ZEROS) for kind in ("initializer", "regularizer", "constraint")}
_NEUTRAL: dict[str, dict[str, tuple[Any, ...]]] = {
    **dict.fromkeys(("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), _DROPOUT),
    "DepthwiseConv2D": {**_ONE_GROUP, **_OWN_KERNEL, "filters": (None,)},
    "SeparableConv2D": {**_ONE_GROUP, **_OWN_KERNEL},
    "DepthwiseConv1D": {**_ONE_GROUP, **_OWN_KERNEL, "filters": (None,)},
    "SeparableConv1D": {**_ONE_GROUP, **_OWN_KERNEL},
    "Conv2DTranspose": _ONE_GROUP,
    "Conv1DTranspose": _ONE_GROUP,
    "BatchNormalization": {
        "renorm": (False,),
        "virtual_batch_size": (None,),
        "renorm_momentum": (0.99, None),
    },
}
"""Fields that Keras 3 does not have, with the values that mean nothing."""
_DEFAULTS: dict[str, Record] = {
    "Conv2D": {"groups": 1, "dilation_rate": [1, 1]},
    "Conv1D": {"groups": 1, "dilation_rate": [1]},
    "DepthwiseConv2D": {"dilation_rate": [1, 1]},
    "SeparableConv2D": {"dilation_rate": [1, 1]},
    "GlobalAveragePooling2D": {"keepdims": False},
    "GlobalMaxPooling2D": {"keepdims": False},
    "GlobalAveragePooling1D": {"keepdims": False},
    "GlobalMaxPooling1D": {"keepdims": False},
    "GRU": {"reset_after": False},
    "Normalization": {"mean": None, "variance": None},
    "Rescaling": {"offset": 0.0},
}
"""What Keras 2 means where a file of an early version leaves a field out."""
_RENAMED = {"LeakyReLU": {"alpha": "negative_slope"}, "ThresholdedReLU": {"theta": "threshold"}}
_SPECIAL = {
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), _recurrent),
    "Bidirectional": _both_ways,
    **dict.fromkeys(("TimeDistributed", "SpectralNormalization"), _wrapper),
    **dict.fromkeys(("BatchNormalization", "GroupNormalization", "Softmax", "Concatenate"), _one_axis),
    "ThresholdedReLU": _threshold,
    "ReLU": _relu,
    **dict.fromkeys(("RandomHeight", "RandomWidth"), _nothing_when_predicting),
}
_GATES = {"LSTM": (4, (0, 1, 3), ()), "GRU": (3, (0, 1), (2,)), "SimpleRNN": (1, (), (0,))}
"""Blocks along the last axis of a recurrent layer's weights, those of the gates, and that of the candidate:
input, forget, cell, output (LSTM) and update, reset, candidate (GRU), in both versions of Keras."""
_SCALED: dict[str, tuple[Gain | None, ...]] = {
    **dict.fromkeys(
        ("Dense", "Conv1D", "Conv2D", "DepthwiseConv2D", "Conv2DTranspose", "EinsumDense"), (Gain(), Gain())
    ),
    "SeparableConv2D": (None, Gain(), Gain()),
}
"""Weights that make up the number that the activation gets, by class."""
_AS_ACTIVATION = {"LeakyReLU", "ReLU", "ELU", "Softmax", "ThresholdedReLU", "Activation"}
