"""Finding the layer that a converter's words, or a graph's names, are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from desktop_app.core.export.conversion.stock_network import CannotExport, leaves
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    import keras

_BETWEEN_SLASHES = re.compile(r"(?<=/)[A-Za-z0-9_.>\-]+(?=/)")
_NUMBER = re.compile(r"_\d+$")
_WORD = re.compile(r"[A-Za-z]\w+")
_EVERYWHERE = frozenset({"Const", "Identity", "Placeholder", "NoOp", "Cast", "Shape", "Reshape"})
"""Operations that say nothing of a layer."""
_SHOWN = 3
_LONGEST = 200


def cannot_write(
    name: str, network: keras.Model, words: str, operators: Iterable[str] = (), graph: Any | None = None
) -> CannotExport:
    """Say that a network cannot be written in a format, and which layers are the reason.

    Args:
        name: The format, for people.
        network: The network.
        words: What was said, or names of operations, in which names of layers are looked for.
        operators: Operators that the format does not have.
        graph: A ``GraphDef`` of TensorFlow, in which operations that the words name are looked for.
    """
    layers = layers_in(words, network)
    if not layers and graph is not None:
        said = set(_WORD.findall(words)) - _EVERYWHERE
        nodes = [*graph.node, *(node for each in graph.library.function for node in each.node_def)]
        meant = [node for node in nodes if node.op in said]
        operators = {node.op for node in meant}
        layers = layers_in("\n".join(f"/{node.name}/" for node in meant), network)
    unknown = sorted(set(operators))
    if layers:
        shown = ", ".join(f"'{printable(each.name)}' ({type(each).__name__})" for each in layers[:_SHOWN])
        more = f" and {len(layers) - _SHOWN} more" if len(layers) > _SHOWN else ""
        reason = f"its {'layer' if len(layers) == 1 else 'layers'} {shown}{more} cannot be written"
        if unknown:
            reason += f" ({name} has no operator {', '.join(unknown)})"
    elif unknown:
        reason = f"{name} has no operator {', '.join(unknown)}, which it needs"
    else:
        first = next((line.strip() for line in words.splitlines() if line.strip()), "no reason was given")
        reason = f"the converter says: {printable(first)[:_LONGEST].rstrip('.')}"
    return CannotExport(f"This model cannot be written as {name}: {reason}.", "Choose another format.")


def layers_in(words: str, network: keras.Model) -> list[keras.Layer]:
    """Find the layers of a network whose names a text has between slashes, in the network's order.

    TensorFlow names an operation after the networks and the layer that it is of, and adds numbers.
    """
    by_name = {layer.name: layer for layer in leaves(network)}
    found = {
        by_name[name].name for token in _BETWEEN_SLASHES.findall(words) if (name := _known(token, by_name))
    }
    return [layer for name, layer in by_name.items() if name in found]


def _known(token: str, names: Container[str]) -> str:
    """The name itself, or without the number that was added; empty when there is no such layer."""
    bare = _NUMBER.sub("", token)
    return token if token in names else bare if bare in names else ""
