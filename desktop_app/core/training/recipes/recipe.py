"""A recipe: a network that can be trained, and its settings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol

from desktop_app.core.training.settings.hyperparameters import (
    Hyperparameters,
    Schedule,
    default_hyperparameters,
)
from desktop_app.core.training.settings.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import keras

    from desktop_app.core.networks.input_spec import Preprocessing, View
    from desktop_app.core.networks.outputs import Output
    from desktop_app.core.training.settings.option import Option, Value

BlockKind = Literal[
    "input", "conv", "pool", "norm", "flatten", "dense", "dropout", "recurrent", "residual", "output"
]


@dataclass(frozen=True, slots=True)
class Block:
    """One box of the small drawing of a network.

    Attributes:
        kind: Kind of layer, which decides shape and colour.
        label: Label of a few characters: "conv 32", "pool", "dense 128".
    """

    kind: BlockKind
    label: str


class Build(Protocol):
    """Builds the network of a recipe."""

    def __call__(self, values: Hyperparameters, class_count: int, output: Output = "softmax", /) -> Network:
        """See `Recipe.build`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """What a recipe builds: uncompiled Keras models that share their layers.

    Attributes:
        full: Model from float32 pictures ``(N, H, W, C)``, preprocessed as the recipe says, to probabilities
            ``(N, classes)`` (softmax, or a sigmoid each) or ``(N, 1)`` (sigmoid, of the second of two
            classes). It is kept.
        backbone: Model from the same pictures to features that do not change while `head` is trained; None
            when everything is trained from the start.
        head: Model from the backbone's features to the outputs of ``full``; None like ``backbone``.
        fine_tune: Layers of ``full`` that the fine-tuning trains besides the head.
        fine_tune_schedule: Schedule of its learning rate.
    """

    full: keras.Model
    backbone: keras.Model | None = None
    head: keras.Model | None = None
    fine_tune: tuple[keras.Layer, ...] = ()
    fine_tune_schedule: Schedule = "constant"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network that can be trained.

    Attributes:
        recipe_id: Id on the command line and in files.
        name: Name for people.
        summary: One line on what it is good for.
        origin: Source of the network, such as a paper.
        sketch: Layers as a few boxes, input first.
        uses: Keys of the `OPTIONS` that it uses; the form shows no others.
        defaults_for: Function from the number of training pictures and of classes to the values that differ
            from the table's defaults.
        build: Function from hyper-parameters, the number of classes (2 or more) and what the outputs are to
            the network. TensorFlow must be loaded; the seeds must be set.
        channels: Channels of its pictures: 3, or 1 for grey.
        preprocessing: Preprocessing, as in the model's card.
        fit: How its pictures are fitted, in training as in the model's card.
        crop_share: Share of a picture that a crop keeps, likewise.
        ranges: Narrower limits than the table's, by key.
        require: Function that raises a `SightlineError` when something else that `build` needs is missing.
        least: Fewest pictures of a class to train on.
        best: Names of the metrics that say which epoch is the best; empty for those of the task.
        suit: Function from the recipe and hyper-parameters to the recipe as these make it: with the
            preprocessing of the chosen backbone, for example.
        follow: Function from chosen values to the defaults that differ because of them.
    """

    recipe_id: str
    name: str
    summary: str
    origin: str
    sketch: tuple[Block, ...]
    uses: frozenset[str]
    defaults_for: Callable[[int, int], Mapping[str, Value]]
    build: Build
    channels: Literal[1, 3] = 3
    preprocessing: Preprocessing = "none"
    fit: View = "squash"
    crop_share: float = 1.0
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    require: Callable[[Hyperparameters], None] = lambda _values: None
    least: int = 1
    best: tuple[str, ...] = ()
    suit: Callable[[Recipe, Hyperparameters], Recipe] = lambda recipe, _values: recipe
    follow: Callable[[Mapping[str, Value]], Mapping[str, Value]] = lambda _chosen: {}

    def suited(self, values: Hyperparameters) -> Recipe:
        """This recipe as the hyper-parameters make it."""
        return self.suit(self, values)

    def chosen(self, changes: Mapping[str, Value], pictures: int = 1000, classes: int = 2) -> Hyperparameters:
        """The values for a data set of this size where some are chosen, and others follow from those."""
        return self.defaults(pictures, classes).changed({**self.follow(changes), **changes})

    def defaults(self, pictures: int = 1000, classes: int = 2) -> Hyperparameters:
        """Sensible values for a data set of this size."""
        return default_hyperparameters().changed(self.defaults_for(pictures, classes))

    def options(self) -> tuple[Option, ...]:
        """Its options in the order of the form, with this recipe's ranges and defaults."""
        defaults = self.defaults().model_dump()
        options = []
        for key, option in OPTIONS.items():
            if key in self.uses:
                low, high = self.ranges.get(key, (option.minimum, option.maximum))
                options.append(replace(option, default=defaults[key], minimum=low, maximum=high))
        return tuple(options)

    def check(self, values: Hyperparameters) -> None:
        """Refuse values outside of this recipe's ranges.

        Raises:
            OptionError: The sentence names the setting and what is allowed.
        """
        for option in self.options():
            option.check(getattr(values, option.key))
