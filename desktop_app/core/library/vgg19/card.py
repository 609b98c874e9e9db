"""The card that goes with VGG19's weights."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from desktop_app.core.library.card import UNKNOWN_SHA256, ModelCard
from desktop_app.core.library.download.vgg19_weights import OFFICIAL, PARAMETERS, VGG19_ID, VGG19_NAME
from desktop_app.core.library.imagenet_labels import imagenet_labels
from desktop_app.core.networks.input_spec import PUBLISHED_CROP, InputSpec


def vgg19_card(*, verified: bool, origin: Literal["downloaded", "imported"]) -> ModelCard:
    """Make the card of VGG19, except for the checksum that `Library.add` fills in.

    Args:
        verified: Whether the weights are the published ones; published metrics hold only for those.
        origin: Origin of the weights.
    """
    return ModelCard(
        id=VGG19_ID,
        name=VGG19_NAME if verified else "VGG19 (unverified weights)",
        description=(
            "A deep network of 16 convolution and 3 dense layers (Simonyan and Zisserman, 2014) that knows "
            "1,000 kinds of animals and things."
        ),
        architecture="vgg19",
        origin=origin,
        weights_file=OFFICIAL.name,
        weights_sha256=UNKNOWN_SHA256,
        verified=verified,
        classes=imagenet_labels(),
        # Taken over from the paper and not measured here: the published figures are for the centre crop.
        input=InputSpec(
            height=224,
            width=224,
            channels=3,
            preprocessing="vgg19",
            fit="crop" if verified else "squash",
            crop_share=PUBLISHED_CROP,
            thin="parts",
        ),
        parameters=PARAMETERS,
        # Single-crop accuracy on the ImageNet validation set, from https://keras.io/api/applications/.
        metrics={"top1": 0.713, "top5": 0.900} if verified else {},
        data="ImageNet ILSVRC-2012: 1.28 million photos of 1,000 classes." if verified else "",
        licence=(
            "Weights by the Visual Geometry Group, University of Oxford, CC BY 4.0; "
            "converted by the Keras team."
            if verified
            else ""
        ),
        source=OFFICIAL.url if verified else "",
        created=datetime.now(UTC).date().isoformat(),
    )
