"""The published VGG19 weights: where they are, how to know them, and the card that goes with them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import Literal

from desktop_app.core.errors import DownloadError
from desktop_app.core.library.card import UNKNOWN_SHA256, InputSpec, ModelCard
from desktop_app.core.library.imagenet import imagenet_labels
from desktop_app.core.library.published_file import PublishedFile

VGG19_ID = "vgg19"
VGG19_NAME = "VGG19 (ImageNet)"
PARAMETERS = 143_667_240

OFFICIAL = PublishedFile(
    name="vgg19_weights_tf_dim_ordering_tf_kernels.h5",
    url="https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
    "vgg19_weights_tf_dim_ordering_tf_kernels.h5",
    bytes=574_710_816,
    md5="cbe5617147190e668d6c5d5026f83318",
)
"""As `keras.applications.VGG19` downloads them; address and checksum are those of its source."""


def vgg19_file() -> PublishedFile:
    """Say where the weights are to be downloaded from.

    ``SIGHTLINE_WEIGHTS_URL`` replaces the base address, for mirrors. ``SIGHTLINE_WEIGHTS_MD5`` replaces
    the checksum, for tests and own training; such weights are shown as unverified.

    Raises:
        DownloadError: One of the variables does not make sense.
    """
    url = weights_address(OFFICIAL)
    md5 = os.environ.get("SIGHTLINE_WEIGHTS_MD5", "").lower()
    if md5 and not re.fullmatch(r"[0-9a-f]{32}", md5):
        raise DownloadError(f"SIGHTLINE_WEIGHTS_MD5 is not 32 hexadecimal digits: {md5}.")
    if md5 and md5 != OFFICIAL.md5:
        return PublishedFile(OFFICIAL.name, url, None, md5)
    return PublishedFile(OFFICIAL.name, url, OFFICIAL.bytes, OFFICIAL.md5)


def weights_address(file: PublishedFile) -> str:
    """Where a published file is to be fetched from: ``SIGHTLINE_WEIGHTS_URL`` replaces the base address.

    Raises:
        DownloadError: The variable is not an address.
    """
    base = os.environ.get("SIGHTLINE_WEIGHTS_URL", "")
    if base and not re.match(r"https?://[^/]", base):
        raise DownloadError(f"SIGHTLINE_WEIGHTS_URL is not an http or https address: {base}.")
    return f"{base.rstrip('/')}/{file.name}" if base else file.url


def vgg19_card(*, verified: bool, origin: Literal["downloaded", "imported"]) -> ModelCard:
    """Make the card of VGG19, but for the checksum that `Library.add` fills in.

    Args:
        verified: Whether the weights are the published ones; published metrics hold only for those.
        origin: How the weights came here.
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
        input=InputSpec(height=224, width=224, channels=3, preprocessing="vgg19"),
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
