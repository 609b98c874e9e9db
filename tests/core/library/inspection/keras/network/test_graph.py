"""How layers are connected, where a file that says so would keep other programs busy without end."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.network.graph import Call, Graph, Input, Layer, Tensor
from desktop_app.core.library.inspection.keras.network.trace import Trace
from desktop_app.core.library.inspection.keras.rules.listing import find_rule

SHAPE = (8, 8, 3)


def network(output: str, **sources: Tensor) -> Graph:
    """Connect layers that change nothing, each with the result that it gets."""
    rule = find_rule("keras.layers", "ReLU")
    parts = tuple(Layer(name, "Dense", rule, {}, ()) for name in sources)
    calls = tuple((Call((tensor,)),) for tensor in sources.values())
    return Graph("network", Input("picture", SHAPE), parts, calls, Tensor(output, 0), ())


def test_layers_in_any_order_are_followed():
    graph = network("second", second=Tensor("first", 0), first=Tensor("picture", 0))
    assert Trace().run(graph, SHAPE) == SHAPE


@pytest.mark.parametrize(
    "graph",
    [
        network("second", first=Tensor("second", 0), second=Tensor("first", 0)),
        network("first", first=Tensor("first", 0)),
        network("second", first=Tensor("picture", 0), second=Tensor("first", 1)),
        network("first", first=Tensor("picture", 0), second=Tensor("second", 0)),
    ],
    ids=["circle", "itself", "a call that never comes", "beside the way to the result"],
)
def test_a_circle_is_refused(graph):
    with pytest.raises(ModelError, match="not connected properly"):
        Trace().run(graph, SHAPE)
