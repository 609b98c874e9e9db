"""A model that is right by construction: it names the colour that dominates a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.card import Calibration, ClassLabel, ModelCard
from desktop_app.core.networks.input_spec import InputSpec

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.store import InstalledModel, Library

COLOURS = ("red", "green", "blue")


def colour_network(height: int = 8, width: int = 8, final: str = "softmax", channels: int = 3):
    """Build a network whose logits are the mean of each channel over 64."""
    import keras

    picture = keras.Input((height, width, channels))
    means = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 64)(picture))
    return keras.Model(picture, keras.layers.Activation(final)(means))


def colour_card(model_id: str = "colours") -> ModelCard:
    """Describe it."""
    return ModelCard(
        id=model_id,
        name="Colours",
        origin="trained",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=f"id-{name}", label=name) for name in COLOURS],
        input=InputSpec(height=8, width=8),
        calibration=Calibration(not_sure_below=0.4),
    )


def install_colour_model(library: Library, model_id: str = "colours") -> InstalledModel:
    """Put it into a library."""

    def write(path: Path) -> None:
        colour_network().save(path)

    return library.add(colour_card(model_id), write)


CATS = {"n02123045": "tabby", "n02124075": "Egyptian_cat", "n02099601": "golden_retriever"}
"""Classes of ImageNet, by synset id: two cats and a dog."""


def install_cats_model(library: Library, model_id: str = "cats") -> InstalledModel:
    """Put the same network into a library; red is the tabby, green the Egyptian cat, blue the dog."""
    classes = [ClassLabel(class_id=class_id, label=label) for class_id, label in CATS.items()]
    card = colour_card(model_id).changed(classes=[entry.model_dump() for entry in classes])
    return library.add(card, lambda path: colour_network().save(path))
