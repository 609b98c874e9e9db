"""The published VGG19 weights: their addresses and checksums."""

from __future__ import annotations

import os
import re
from dataclasses import replace

from desktop_app.core.foundation.errors import DownloadError
from desktop_app.core.library.download.published_file import PublishedFile

VGG19_ID = "vgg19"
VGG19_NAME = "VGG19 (ImageNet)"
PARAMETERS = 143_667_240

OFFICIAL = PublishedFile(
    name="vgg19_weights_tf_dim_ordering_tf_kernels.h5",
    url="https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
    "vgg19_weights_tf_dim_ordering_tf_kernels.h5",
    bytes=574_710_816,
    md5="cbe5617147190e668d6c5d5026f83318",
    title="VGG19",
)
"""As `keras.applications.VGG19` downloads them; address and checksum are those of its source."""

BACKBONE_ID = "vgg19-backbone"
"""Id of the convolutions for downloads; no model of the library has it."""

NOTOP = PublishedFile(
    name="vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
    url=OFFICIAL.url.rpartition("/")[0] + "/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
    bytes=80_134_624,
    md5="253f8cb515780f3b799900260a226db6",
    title="VGG19",
)
"""The convolutions alone, as `keras.applications.VGG19(include_top=False)` downloads them."""


def vgg19_file() -> PublishedFile:
    """Find out where to download the weights from.

    ``SIGHTLINE_WEIGHTS_URL`` replaces the base address, for mirrors. ``SIGHTLINE_WEIGHTS_MD5`` replaces
    the checksum, for tests and weights of one's own; such weights are shown as unverified.

    Raises:
        DownloadError: One of the variables does not make sense.
    """
    url = weights_address(OFFICIAL)
    md5 = os.environ.get("SIGHTLINE_WEIGHTS_MD5", "").lower()
    if md5 and not re.fullmatch(r"[0-9a-f]{32}", md5):
        raise DownloadError(f"SIGHTLINE_WEIGHTS_MD5 is not 32 hexadecimal digits: {md5}.")
    if md5 and md5 != OFFICIAL.md5:
        return replace(OFFICIAL, url=url, bytes=None, md5=md5)
    return replace(OFFICIAL, url=url)


def weights_address(file: PublishedFile) -> str:
    """The address to download a published file from: ``SIGHTLINE_WEIGHTS_URL`` replaces the base address.

    Raises:
        DownloadError: The variable is not an address.
    """
    base = os.environ.get("SIGHTLINE_WEIGHTS_URL", "")
    if base and not re.match(r"https?://[^/]", base):
        raise DownloadError(f"SIGHTLINE_WEIGHTS_URL is not an http or https address: {base}.")
    return f"{base.rstrip('/')}/{file.name}" if base else file.url
