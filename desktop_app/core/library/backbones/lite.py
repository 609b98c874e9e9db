"""The ImageNet networks in the box as backbones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.backbones.backbone import Backbone
from desktop_app.core.library.imagenet.network import lite_backbone, prefix_of, two_backbones
from desktop_app.core.library.imagenet.published import BETTER, SMALL
from desktop_app.core.library.store import Library
from desktop_app.core.networks.efficientnet_lite import blocks

if TYPE_CHECKING:
    from pathlib import Path

    import keras

    from desktop_app.core.library.backbones.backbone import Weights
    from desktop_app.core.library.imagenet.published import PublishedNetwork
    from desktop_app.core.networks.efficientnet_lite import Variant


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

    def build(size: int, weights: Weights | None) -> keras.Model:
        return lite_backbone(variant, size, None if weights is None else weights[0])

    return Backbone(
        backbone_id=network.model_id,
        name=network.name,
        size=variant.size,
        preprocessing="efficientnet-lite",
        require_weights=lambda: (require_weights(network.model_id),),
        build=build,
        tuned=_tuned(variant),
    )


def _tuned(variant: Variant) -> tuple[str, ...]:
    """The last layers; batch normalization is part of the convolutions, and its statistics stay."""
    *_earlier, before_last, last = blocks(variant)
    return (f"{before_last.name}_", f"{last.name}_", "top")


def _both() -> Backbone:
    networks = (SMALL, BETTER)
    variants = (SMALL.variant, BETTER.variant)

    def weights() -> tuple[Path, Path]:
        return require_weights(SMALL.model_id), require_weights(BETTER.model_id)

    def build(size: int, weights: Weights | None) -> keras.Model:
        return two_backbones(variants, size, None if weights is None else (weights[0], weights[1]))

    return Backbone(
        backbone_id="imagenet-both",
        name=" and ".join(network.name for network in networks),
        size=BETTER.variant.size,
        preprocessing="efficientnet-lite",
        require_weights=weights,
        build=build,
        tuned=tuple(f"{prefix_of(variant)}{name}" for variant in variants for name in _tuned(variant)),
    )


LITE_SMALL = _backbone(SMALL)
LITE_BETTER = _backbone(BETTER)
LITE_BOTH = _both()
"""The features of both. On 450 flowers a head on them is right on 91.5% (log loss 0.27); on those of the
small network alone on 91.0% (0.29), of the better one on 88.7% (0.34). On cats and dogs all are equal."""
