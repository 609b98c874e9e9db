"""The ImageNet networks in the box as backbones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.backbones.backbone import Backbone
from desktop_app.core.library.imagenet.network import lite_backbone
from desktop_app.core.library.imagenet.published import BETTER, SMALL
from desktop_app.core.library.store import Library
from desktop_app.core.networks.efficientnet_lite import blocks

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.imagenet.published import PublishedNetwork


def require_weights(model_id: str) -> Path:
    """Find the weights of a network in the box, which are made at its first use.

    Raises:
        ModelError: They are missing: this installation is not complete.
        StorageError: They cannot be written.
    """
    entry = Library.default().get(model_id)
    if entry.problem or entry.weights is None:
        raise ModelError(
            f"The weights of {entry.name} are missing: {entry.problem or 'its folder has none'}.",
            "Install Sightline again, or choose another pretrained network.",
        )
    return entry.weights


def _backbone(network: PublishedNetwork) -> Backbone:
    variant = network.variant
    *_earlier, before_last, last = blocks(variant)
    return Backbone(
        backbone_id=network.model_id,
        name=network.name,
        size=variant.size,
        preprocessing="efficientnet-lite",
        require_weights=partial(require_weights, network.model_id),
        build=partial(lite_backbone, variant),
        # Batch normalization is part of the convolutions: its statistics stay as they are.
        tuned=(f"{before_last.name}_", f"{last.name}_", "top"),
    )


LITE_SMALL = _backbone(SMALL)
LITE_BETTER = _backbone(BETTER)
