"""Attention, and the embeddings that go with it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import (
    MAX_UNITS,
    boolean,
    constraint,
    initializer,
    integer,
    nothing,
    number,
    one_of,
    optional,
    regularizer,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, inner_axes
from desktop_app.core.library.inspection.keras.rules.convolution import parameters
from desktop_app.core.library.inspection.keras.rules.elementwise import SEED
from desktop_app.core.library.inspection.keras.rules.quantization import LORA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEADS = integer(1, 1024)
_WIDTH = integer(1, 2**16)


def _three(inputs: Sequence[Shape]) -> tuple[Shape, Shape, Shape]:
    """Query, value and key, which is the value where it is not given."""
    if not 2 <= len(inputs) <= 3:
        refuse("an attention layer gets another number of inputs than two or three")
    query, value = inputs[:2]
    key = inputs[2] if len(inputs) == 3 else value
    if not len(query) == len(value) == len(key) >= 2 or value[:-1] != key[:-1]:
        refuse("an attention layer gets inputs that do not fit each other")
    return query, value, key


def _projected(config: Config, shapes: Sequence[tuple[int, int, int]]) -> tuple[Shape, ...]:
    """Kernels and biases that make query, key and value of the inputs, and their shapes."""
    weights: list[Shape] = []
    for features, heads, width in shapes:
        weights += [(features, heads, width), *(((heads, width),) if config["use_bias"] else ())]
    return tuple(weights)


def _multi_head(config: Config, inputs: Sequence[Shape]) -> Effect:
    query, value, key = _three(inputs)
    heads, width = config["num_heads"], config["key_dim"]
    value_width = config["value_dim"] or width
    axes = config["attention_axes"]
    places = inner_axes(axes, query) if axes is not None else tuple(range(len(query) - 1))
    if not places or len(query) - 1 in places:
        refuse("an attention layer looks along the features")
    rest = [axis for axis in range(len(query) - 1) if axis not in places]
    if any(query[axis] != value[axis] for axis in rest):
        refuse("an attention layer gets inputs that do not fit each other")
    output = config["output_shape"]
    targets = [query[-1]] if output is None else [output] if isinstance(output, int) else list(output)
    if len(targets) != 1:
        refuse("an attention layer gives more than one axis of features")
    (features,) = targets
    weights = _projected(
        config,
        [(query[-1], heads, width), (key[-1], heads, width), (value[-1], heads, value_width)],
    )
    weights += ((heads, value_width, features), *(((features,),) if config["use_bias"] else ()))
    return _attended(query, value, (heads, width, value_width), weights, places)


def _grouped(config: Config, inputs: Sequence[Shape]) -> Effect:
    query, value, key = _three(inputs)
    heads, shared, width = config["num_query_heads"], config["num_key_value_heads"], config["head_dim"]
    if len(query) != 2 or heads % shared:
        refuse("an attention layer gets inputs that do not fit each other")
    weights = _projected(
        config, [(query[-1], heads, width), (key[-1], shared, width), (value[-1], shared, width)]
    )
    features = query[-1]
    weights += ((heads, width, features), *(((features,),) if config["use_bias"] else ()))
    return _attended(query, value, (heads, width, width), weights, (0,))


def _attended(
    query: Shape,
    value: Shape,
    heads: tuple[int, int, int],
    weights: tuple[Shape, ...],
    places: Sequence[int],
) -> Effect:
    """Effect of attention with several heads.

    Args:
        query: Shape of the queries.
        value: Shape of the values.
        heads: Number of heads, and the widths of keys and values in each.
        weights: Shapes of all weights.
        places: Axes along which it looks.
    """
    count, width, value_width = heads
    features = next(shape for shape in reversed(weights) if len(shape) == 3)[-1]
    steps, seen = (math.prod(shape[axis] for axis in places) for shape in (query, value))
    others = math.prod(side for axis, side in enumerate(query[:-1]) if axis not in places)
    scores = others * count * steps * seen
    rows = others * max(steps, seen)
    return Effect(
        (*query[:-1], features),
        weights,
        # The scores, what softmax makes of them, and both sides of the products with their axes in order.
        scratch=3 * scores + 2 * rows * count * (2 * width + 2 * value_width),
        operations=scores * (width + value_width) + rows * sum(map(math.prod, weights)),
    )


def _plain(config: Config, inputs: Sequence[Shape]) -> Effect:
    query, value, key = _three(inputs)
    if len(query) != 2 or query[-1] != key[-1]:
        refuse("an attention layer gets inputs that do not fit each other")
    weights: tuple[Shape, ...] = ()
    additive = "score_mode" not in config
    if config["use_scale"]:
        weights = ((key[-1],),) if additive else ((),)
    if config.get("score_mode") == "concat":
        weights = (*weights, ())
    scores = query[0] * value[0]
    # Sums of every query with every key, with all their features.
    spread = additive or config["score_mode"] == "concat"
    return Effect(
        (query[0], value[-1]),
        weights,
        scratch=3 * scores * (query[-1] if spread else 1),
        operations=scores * (query[-1] + value[-1]),
    )


def _embedding(config: Config, inputs: Sequence[Shape]) -> Effect:
    return Effect((*inputs[0], config["output_dim"]), ((config["input_dim"], config["output_dim"]),))


_ANY = {"dropout": number, "seed": SEED}
_HEADED = {
    **_ANY,
    "use_bias": boolean,
    "use_gate": one_of(False),
    "sliding_window": nothing,
    "activity_regularizer": regularizer,
    **parameters("kernel", "bias"),
}
_CALL = ("query", "value", "key")

RULES: Mapping[str, Rule] = {
    "MultiHeadAttention": Rule(
        _multi_head,
        {
            **_HEADED,
            "num_heads": _HEADS,
            "key_dim": _WIDTH,
            "value_dim": optional(_WIDTH),
            "output_shape": optional(sequence(_WIDTH, high=1)),
            "attention_axes": optional(sequence(integer(-8, 8))),
            "flash_attention": optional(boolean),
        },
        learns=True,
        counts_itself=True,
        parameters=_CALL,
        least=2,
    ),
    "GroupQueryAttention": Rule(
        _grouped,
        {
            **_HEADED,
            "head_dim": _WIDTH,
            "num_query_heads": _HEADS,
            "num_key_value_heads": _HEADS,
            "flash_attention": optional(boolean),
        },
        learns=True,
        counts_itself=True,
        parameters=_CALL,
        least=2,
    ),
    "Attention": Rule(
        _plain,
        {**_ANY, "use_scale": boolean, "score_mode": one_of("dot", "concat")},
        several_inputs=True,
        least=2,
    ),
    "AdditiveAttention": Rule(_plain, {**_ANY, "use_scale": boolean}, several_inputs=True, least=2),
    "Embedding": Rule(
        _embedding,
        {
            "input_dim": integer(1, MAX_UNITS),
            "output_dim": _WIDTH,
            "mask_zero": one_of(False),
            "embeddings_initializer": initializer,
            "embeddings_regularizer": regularizer,
            "embeddings_constraint": constraint,
            "activity_regularizer": regularizer,
            "quantization_config": nothing,
            **LORA,
        },
        learns=True,
        counts_itself=True,
        inputs_only=True,
    ),
}
