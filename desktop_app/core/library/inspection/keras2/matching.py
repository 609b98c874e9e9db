"""Which array of an ``.h5`` file belongs to which layer.

A model within the model has one list of arrays: first what is trained of all of its layers, then the rest.
Keras 2 goes by the order alone. The names of the arrays are the surer way, since they do not depend on what
was frozen when; the order is taken where the names do not say it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.library.inspection.keras2.models import Path

    Shape = tuple[int, ...]

_STATE = re.compile(r"(StateVar|seed_generator_state|random_generator.*)")
"""Arrays of layers that draw random numbers; they are no weights."""
_NUMBER = re.compile(r":\d+$")
_ROLES = (
    "depthwise_kernel", "pointwise_kernel", "kernel", "recurrent_kernel", "bias", "gamma", "beta",
    "moving_mean", "moving_variance", "mean", "variance", "count",
)  # fmt: skip
"""Names of weights, in the order of those of one layer."""
_NOT_TRAINED = frozenset({"moving_mean", "moving_variance", "mean", "variance", "count"})
_SEVERAL_PARTS = frozenset(
    {"Bidirectional", "MultiHeadAttention", "TimeDistributed", "SpectralNormalization"}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layer whose weights are looked for.

    Attributes:
        names: Names of the models around it, from the outermost that has a group of its own, and its own.
        kind: Its class.
        trainable: Whether it and all models around it are to be trained.
        shapes: Shapes of its weights.
    """

    names: Path
    kind: str
    trainable: bool
    shapes: tuple[Shape, ...]


def match(
    group: str, arrays: Sequence[tuple[str, Shape]], wanted: Mapping[Path, Wanted]
) -> dict[Path, list[str]]:
    """Assign the arrays of a group to layers.

    Args:
        group: Name of the group, for the refusal.
        arrays: Names and shapes of the arrays, in the file's order.
        wanted: The layers that the group is for, in the order of the configuration.

    Returns:
        Names of the arrays of each layer.

    Raises:
        ModelError: They do not fit each other.
    """
    weights = [(name, shape) for name, shape in arrays if not _STATE.fullmatch(_variable(name))]
    if sum(len(layer.shapes) for layer in wanted.values()) != len(weights):
        refuse(f"the weights of the layer {short(group)} are not those that it needs")
    if len(wanted) == 1:
        assigned: dict[Path, list[str]] | None = {path: [name for name, _ in weights] for path in wanted}
    else:
        assigned = _by_name([name for name, _ in weights], wanted)
    shapes = dict(weights)
    if assigned is None or not _fits(assigned, wanted, shapes):
        assigned = _by_order(weights, wanted)
    if not _fits(assigned, wanted, shapes):
        refuse(f"the weights of the layer {short(group)} are not those that it needs")
    return assigned


def _variable(name: str) -> str:
    return _NUMBER.sub("", name.rpartition("/")[2])


def _by_name(names: Sequence[str], wanted: Mapping[Path, Wanted]) -> dict[Path, list[str]] | None:
    """Assign each array to the layer whose name stands last in its own; None where that is not clear."""
    owners: dict[str, Path] = {}
    for path, layer in wanted.items():
        if layer.shapes:
            if layer.names[-1] in owners:
                return None
            owners[layer.names[-1]] = path
    assigned: dict[Path, list[str]] = {path: [] for path in wanted}
    for name in names:
        found = [part for part in name.split("/")[:-1] if part in owners]
        if not found:
            return None
        assigned[owners[found[-1]]].append(name)
    return assigned


def _by_order(weights: Sequence[tuple[str, Shape]], wanted: Mapping[Path, Wanted]) -> dict[Path, list[str]]:
    """Assign the arrays in the order in which Keras 2 lists the weights of a model."""
    places: list[tuple[Path, int]] = []
    rest: list[tuple[Path, int]] = []
    for path, layer in wanted.items():
        for number in range(len(layer.shapes)):
            trained = layer.trainable and number < len(layer.shapes) - _untrained(layer)
            (places if trained else rest).append((path, number))
    assigned: dict[Path, list[str]] = {path: [] for path in wanted}
    for (path, _), (name, _) in zip([*places, *rest], weights, strict=True):
        assigned[path].append(name)
    return assigned


def _untrained(layer: Wanted) -> int:
    """Number of a layer's weights that are never trained; they come last."""
    return {"BatchNormalization": 2, "Normalization": 3, "SpectralNormalization": 1}.get(layer.kind, 0)


def _fits(
    assigned: Mapping[Path, Sequence[str]], wanted: Mapping[Path, Wanted], shapes: Mapping[str, Shape]
) -> bool:
    """Whether each layer gets arrays of the right shapes, with names in the right order."""
    for path, names in assigned.items():
        layer = wanted[path]
        if tuple(shapes[name] for name in names) != layer.shapes:
            return False
        if layer.kind in _SEVERAL_PARTS:
            continue
        roles = [_ROLES.index(role) for name in names if (role := _variable(name)) in _ROLES]
        if roles != sorted(set(roles)):
            return False
        if layer.kind == "BatchNormalization" and any(
            (_variable(name) in _NOT_TRAINED) != (number >= len(names) - 2)
            for number, name in enumerate(names)
        ):
            return False
    return True
