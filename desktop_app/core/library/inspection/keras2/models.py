"""Models and models within models, from the form of Keras 2 to that of Keras 3."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import MAX_CALLS, MAX_MODEL_DEPTH
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.rules.listing import find_rule
from desktop_app.core.library.inspection.keras2.layers import (
    Gain,
    Pieces,
    Record,
    make_layer,
    number_format,
    translate_layer,
)
from desktop_app.core.library.inspection.keras2.operators import (
    OPERATORS,
    is_slicing,
    tensor,
    translate_operator,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str, ...]
"""Names of the models around a layer, from the outermost, and its own."""

FUNCTIONAL, SEQUENTIAL = "Functional", "Sequential"
_FUNCTIONAL_NAMES = frozenset({"Functional", "Model"})
_MODULES = {FUNCTIONAL: "keras.src.models.functional", SEQUENTIAL: "keras"}
_OPERATION_MODULES = ("keras.src.ops.numpy", "keras.src.ops.nn", "keras.src.ops.image", "keras.src.ops.core")
_LAYERS = "layers"
_GRAPH = {"layers", "input_layers", "output_layers"}
_SEPARATORS = re.compile(r"[/\\]")
_WITHOUT_EFFECT = {
    "mask": (None,), "attention_mask": (None,), "return_attention_scores": (False,),
    "use_causal_mask": (False,), "query_mask": (None,), "value_mask": (None,), "key_mask": (None,),
}  # fmt: skip
"""Arguments of a call, with the values that say nothing."""
_FOLLOWED = frozenset({"Rescaling", "Normalization", "Activation", "Dropout"}) | OPERATORS
"""Layers that keep the channels of a picture."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where the weights of a layer are in the file, and how they change.

    Attributes:
        names: Its name in the file and those of the models around it, the outermost model left out.
        place: Path in a ``.keras`` file of Keras 2, such as ``layers/conv2d_1``.
        trainable: Whether it and all models around it are to be trained; its weights come first then.
        gains: Changes of its weights.
    """

    names: Path
    place: str
    trainable: bool
    gains: tuple[Gain | None, ...] = ()


@dataclass(slots=True)
class Models:
    """Translates a model.

    Attributes:
        modern: Whether Keras 3 wrote it.
        leaves: Layers by their path in the translation, in the file's order.
        order: Places of the layers of each model, by the place of the model, in the file's order.
    """

    modern: bool
    leaves: dict[Path, Leaf] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)

    def translate(self, record: Any) -> Record:
        """Translate the outermost model.

        Raises:
            ModelError: It is not a Sequential or Functional model, or has something Keras 3 has not.
        """
        return self._model(record, _Around((), (), "", True, 0))

    def _model(self, record: Any, around: _Around) -> Record:
        if around.depth > MAX_MODEL_DEPTH:
            refuse("it has too many models inside models")
        if not isinstance(record, dict):
            refuse("a layer has no configuration")
        kind = _model_kind(record)
        config = record.get("config")
        if kind is None and not around.depth and isinstance(config, dict) and set(config) >= _GRAPH:
            kind = (
                FUNCTIONAL  # a class that only trains in another way; what is read is the graph in the file
            )
        if kind is None:
            refuse(
                f"it is a {short(record.get('class_name'))} model, not a Functional or Sequential one",
                "Sightline opens models whose layers stand in the file. A model class of one's own can be "
                "saved as one: build keras.Model(inputs, outputs) from its layers and save that.",
            )
        if kind == SEQUENTIAL and isinstance(config, list):  # Keras before 2.2.3
            config = {"name": str(record.get("name") or "sequential"), "layers": config}
        if not isinstance(config, dict):
            refuse("a layer has no configuration")
        if not isinstance(config.get("layers"), list) or not 1 <= len(config["layers"]) <= MAX_CALLS:
            refuse("it has no layers, or too many")
        config = {"name": kind.lower(), **config}
        around = around.inside(config)
        translate = self._sequential if kind == SEQUENTIAL else self._functional
        return {
            "module": _MODULES[kind],
            "class_name": kind,
            "config": translate(config, around),
            "registered_name": kind if kind == FUNCTIONAL else None,
        }

    def _sequential(self, config: Record, around: _Around) -> Record:
        layers: list[Record] = []
        count = _Counter(around.place, self.order)
        shape = config.get("build_input_shape")
        parts = [record for record in config["layers"] if not _is_input(record)]
        names = _plain_names([_original(record) for record in parts])
        for position, record in enumerate(config["layers"]):
            if _is_input(record):
                if position:
                    refuse("an input of the model has an input itself")
                layers.append(_input(record))
                continue
            place = count.place(record)
            if position == 0:
                shape = _recorded_shape(record) or shape
            layers += self._part(record, around, place, names[_original(record)]).records
        if layers[0]["class_name"] != "InputLayer" and (shape := shape or _entry(layers[0])):
            first = layers[0]["config"].get("dtype")
            entry = {"batch_shape": shape, "dtype": first if isinstance(first, str) else "float32"}
            if "float" not in entry["dtype"] or "mixed" in entry["dtype"]:
                entry["dtype"] = "float32"
            name = f"{config['name']}_input"
            layers.insert(
                0, make_layer("InputLayer", {**entry, "name": name, "sparse": False, "ragged": False})
            )
        return {"name": config["name"], "trainable": config.get("trainable", True), "layers": layers}

    def _functional(self, config: Record, around: _Around) -> Record:
        graph = _Graph(config["layers"])
        count = _Counter(around.place, self.order)
        layers: list[Record] = []
        for record in config["layers"]:
            name = graph.name_of(record)
            if _is_input(record):
                layers.append({**_input(record), "name": name, "inbound_nodes": []})
                layers[-1]["config"]["name"] = name
                continue
            place = count.place(record)
            if not self.modern and record["class_name"] in OPERATORS:
                if is_slicing(record) and not graph.from_colours(record):
                    refuse(
                        f"{short(name)} turns round the channels of something that is not a colour picture"
                    )
                layers += translate_operator({**record, "name": name}, graph.reference)
                continue
            pieces = self._part(record, around, place, name)
            layers += graph.connect(record, name, pieces)
        for layer in layers:
            graph.redirect(layer)
        return {
            "name": config["name"],
            "trainable": config.get("trainable", True),
            "layers": layers,
            "input_layers": graph.ends(config.get("input_layers")),
            "output_layers": graph.ends(config.get("output_layers")),
        }

    def _part(self, record: Record, around: _Around, place: str, shown: str) -> Pieces:
        """Translate a layer or model within a model, which gets a name."""
        config = record["config"]
        if _model_kind(record):
            model = self._model(record, around.within(shown, _original(record), place))
            model["config"]["name"] = shown
            return Pieces([model])
        if not isinstance(config, dict):
            refuse("a layer has no configuration")
        if self.modern and (module := _operation_module(record)):
            kind = record["class_name"]
            operation = {"module": module, "class_name": kind, "config": {**config, "name": shown}}
            return Pieces([{**operation, "registered_name": kind}])
        pieces = translate_layer({**record, "config": {**config, "name": shown}}, modern=self.modern)
        trainable = around.trainable and config.get("trainable", True) is not False
        path = (*around.path, shown)
        if path in self.leaves:
            refuse("two of its layers have the same name")
        self.leaves[path] = Leaf((*around.names, _original(record)), place, trainable, pieces.gains)
        return pieces


@dataclass(frozen=True, slots=True)
class _Around:
    """The models around a layer: names in the translation and in the file, place, whether they train."""

    path: Path
    names: Path
    place: str
    trainable: bool
    depth: int

    def inside(self, config: Record) -> _Around:
        trainable = self.trainable and config.get("trainable", True) is not False
        return _Around(self.path, self.names, self.place, trainable, self.depth)

    def within(self, name: str, original: str, place: str) -> _Around:
        return _Around(
            (*self.path, name), (*self.names, original), f"{place}/", self.trainable, self.depth + 1
        )


class _Counter:
    """Numbers the layers of a model by their classes, as the paths in ``.keras`` files of Keras 2 do."""

    def __init__(self, place: str, order: dict[str, list[str]]) -> None:
        self._place = place
        self._order = order.setdefault(place, [])
        self._used: dict[str, int] = {}

    def place(self, record: Record) -> str:
        kind = snake_case(str(record["class_name"]).rpartition(">")[2])
        number = self._used[kind] = self._used.get(kind, -1) + 1
        self._order.append(f"{self._place}{_LAYERS}/{kind}" + (f"_{number}" if number else ""))
        return self._order[-1]


class _Graph:
    """The connections of one Functional model."""

    def __init__(self, records: list[Any]) -> None:
        self._by_name: dict[str, Record] = {}
        self._within: dict[str, str] = {}
        """Layer that gets the result of the one whose name it bears in part, and not its own."""
        self._last: dict[str, str] = {}
        """Layer that gives the result of another one, where that became several."""
        for record in records:
            if not isinstance(record, dict) or not isinstance(record.get("class_name"), str):
                refuse("a layer has no configuration")
            if not isinstance(record.get("config"), dict | list):
                refuse("a layer has no configuration")
            name = _original(record)
            if name in self._by_name:
                refuse("two of its layers have the same name")
            self._by_name[name] = record
        self._names = _plain_names(self._by_name)
        self._offsets = _offsets(records, self._by_name)

    def name_of(self, record: Record) -> str:
        """Name of a layer in the translation."""
        return self._names[_original(record)]

    def reference(self, value: Any) -> Record | None:
        """Read what stands in a file for a result; None for anything else."""
        if not isinstance(value, list) or len(value) != 3 or value[0] not in self._names:
            return None
        name, call, position = value
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in (call, position)):
            return None
        return tensor(self._names[name], call - self._offsets.get(name, 0), position)

    def connect(self, record: Record, name: str, pieces: Pieces) -> list[Record]:
        """Give a layer's records their calls, each the results of the one before."""
        nodes = record.get("inbound_nodes")
        if not isinstance(nodes, list) or not nodes:
            refuse(f"the layer {short(name)} is not connected properly")
        calls = [self._call(node, name) for node in nodes]
        for piece in pieces.records:
            own = piece["config"]["name"]
            piece.update(name=own, inbound_nodes=calls)
            calls = [{"args": [tensor(own, number)], "kwargs": {}} for number in range(len(nodes))]
        last = pieces.records[-1]["name"]
        if last != name:
            self._last[name] = last
            self._within.update((piece["name"], name) for piece in pieces.records[1:])
        return pieces.records

    def redirect(self, layer: Record) -> None:
        """Let a layer get the last one's result where one before it became several."""
        for node in layer["inbound_nodes"]:
            for value in results_in([node.get("args"), node.get("kwargs")]):
                history = value["config"]["keras_history"]
                target = self._last.get(history[0], history[0])
                if self._within.get(layer["name"]) != history[0]:
                    history[0] = target

    def ends(self, value: Any) -> Any:
        """Translate ``input_layers`` or ``output_layers``."""
        single = isinstance(value, list) and len(value) == 3 and isinstance(value[0], str)
        ends = [value] if single else value
        if not isinstance(ends, list):
            refuse("it has several inputs or outputs")
        results = []
        for end in ends:
            found = self.reference(end)
            if found is None:
                refuse("it has several inputs or outputs")
            name, call, position = found["config"]["keras_history"]
            # Keras counts a Functional model's own construction as its first call, but only here.
            count = _model_kind(self._by_name[end[0]]) == FUNCTIONAL
            results.append([self._last.get(name, name), call + count, position])
        return results[0] if len(results) == 1 else results  # a list of one would be given on as a list

    def from_colours(self, record: Record) -> bool:
        """Whether an operator gets the network's input, with three channels, or that scaled."""
        for _ in range(len(self._by_name)):
            nodes = record.get("inbound_nodes")
            while isinstance(nodes, list) and nodes and isinstance(nodes[0], list):
                nodes = nodes[0]
            source = self._by_name.get(nodes[0]) if isinstance(nodes, list) and nodes else None
            if source is None:
                return False
            if _is_input(source):
                shape = _recorded_shape(source)
                return isinstance(shape, list) and len(shape) == 4 and shape[-1] == 3
            if source["class_name"] not in _FOLLOWED:
                return False
            record = source
        return False

    def _call(self, node: Any, name: str) -> Record:
        where = f"the layer {short(name)}"
        if isinstance(node, dict):  # of Keras 3
            return (
                node if isinstance(node.get("args"), list) else refuse(f"{where} is not connected properly")
            )
        if not isinstance(node, list) or not node:
            refuse(f"{where} is not connected properly")
        inputs = [node] if isinstance(node[0], str) else node
        options: Record = {}
        tensors = []
        for value in inputs:
            found = self.reference(value[:3]) if isinstance(value, list) else None
            extra = value[3] if isinstance(value, list) and len(value) == 4 else {}
            if found is None or not isinstance(extra, dict):
                refuse(f"{where} is not connected properly")
            tensors.append(found)
            options.update(extra)
        arguments: list[Any] = tensors if len(tensors) == 1 else [tensors]
        for key in ("value", "key"):  # of attention
            if (further := self.reference(options.get(key))) is not None:
                arguments.append(further)
                del options[key]
        for key, neutral in _WITHOUT_EFFECT.items():
            if key in options and options[key] in neutral:
                del options[key]
        return {"args": arguments, "kwargs": options}


def _plain_names(names: Iterable[str]) -> dict[str, str]:
    """Names without the separators of paths, which Keras 3 does not allow; no two become the same."""
    taken = {name for name in names if not _SEPARATORS.search(name)}
    plain = {}
    for name in names:
        own = _SEPARATORS.sub("_", name)
        while own != name and own in taken:
            own += "_"
        taken.add(own)
        plain[name] = own
    return plain


def snake_case(name: str) -> str:
    """Class name as it stands in the paths of weights, after `keras.src.utils.naming`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def results_in(value: Any) -> list[Record]:
    """Results of layers among the arguments of a call, in order."""
    if isinstance(value, list):
        return [found for each in value for found in results_in(each)]
    if not isinstance(value, dict):
        return []
    if value.get("class_name") != "__keras_tensor__":
        return [found for key in sorted(value) for found in results_in(value[key])]
    config = value.get("config")
    history = config.get("keras_history") if isinstance(config, dict) else None
    whole = isinstance(history, list) and len(history) == 3 and isinstance(history[0], str)
    return [value] if whole else []


def _offsets(records: list[Any], by_name: dict[str, Record]) -> dict[str, int]:
    """By how much the calls of models within the model are counted too high.

    Most versions of Keras 2 count a model's own construction as its first call, some not for a Sequential
    model without an input. A file names every call of a layer, so the lowest number tells.
    """
    lowest: dict[str, int] = {}
    waiting: list[Any] = [record.get("inbound_nodes") for record in records]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, list):
            waiting += value.values() if isinstance(value, dict) else ()
            continue
        waiting += value
        if len(value) in {3, 4} and isinstance(value[0], str) and isinstance(value[1], int):
            lowest[value[0]] = min(lowest.get(value[0], value[1]), value[1])
    return {
        name: low
        for name, low in lowest.items()
        if name in by_name and _model_kind(by_name[name]) and low == 1
    }


def _original(record: Record) -> str:
    """Name of a layer in the file, by which others refer to it."""
    config = record["config"]
    name = record.get("name") or (config.get("name") if isinstance(config, dict) else None)
    if not isinstance(name, str):
        refuse(f"a layer is named {short(name)}")
    return name


def _model_kind(record: Record) -> str | None:
    name = record.get("class_name")
    registered = record.get("registered_name")
    if not isinstance(name, str) or registered not in (None, name):
        return None
    if name == SEQUENTIAL:
        return SEQUENTIAL
    return FUNCTIONAL if name in _FUNCTIONAL_NAMES else None


def _is_input(record: Any) -> bool:
    if not isinstance(record, dict) or not isinstance(record.get("config"), dict | list):
        refuse("a layer has no configuration")
    return record.get("class_name") == "InputLayer"


def _input(record: Record) -> Record:
    config = dict(record["config"])
    shape = _recorded_shape(record)
    for key in ("batch_input_shape", "batch_shape", "input_shape", "shape", "batch_size"):
        config.pop(key, None)
    if "dtype" in config:
        config["dtype"] = number_format(config["dtype"])
    return make_layer("InputLayer", {"batch_shape": shape, **config})


def _recorded_shape(record: Record) -> Any:
    """Shape that an input, or the first layer of a chain, was given; with the batch axis."""
    config = record["config"]
    if not isinstance(config, dict):
        return None
    shape = config.get("batch_input_shape", config.get("batch_shape"))
    if shape is None and isinstance(rest := config.get("input_shape", config.get("shape")), list):
        shape = [config.get("batch_size"), *rest]
    if isinstance(shape, dict):  # a tuple as Keras 2.12 and later write it
        shape = shape.get("items")
    return shape


def _entry(record: Record) -> Any:
    """Shape of the input of a translated model, where it is one."""
    if record["class_name"] not in {FUNCTIONAL, SEQUENTIAL}:
        return None
    inputs = [layer for layer in record["config"]["layers"] if layer["class_name"] == "InputLayer"]
    return inputs[0]["config"].get("batch_shape") if len(inputs) == 1 else None


def _operation_module(record: Record) -> str | None:
    """Where Keras 3 finds an operation; its ``.h5`` files name the class only."""
    from desktop_app.core.foundation.errors import ModelError

    if "trainable" in record["config"]:
        return None
    for module in _OPERATION_MODULES:
        try:
            find_rule(module, record["class_name"])
        except ModelError:
            continue
        return module
    return _OPERATION_MODULES[0]
