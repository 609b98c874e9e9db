"""A weights file of VGG19's published layout with seeded random numbers, made by the tests themselves."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

SHAPES: dict[str, tuple[int, ...]] = {}
_channels = 3
for _block, (_width, _depth) in enumerate(((64, 2), (128, 2), (256, 4), (512, 4), (512, 4)), start=1):
    for _number in range(1, _depth + 1):
        SHAPES[f"block{_block}_conv{_number}"] = (3, 3, _channels, _width)
        _channels = _width
SHAPES["fc1"] = (7 * 7 * 512, 4096)
SHAPES["fc2"] = (4096, 4096)
SHAPES["predictions"] = (4096, 1000)


def write_vgg19_weights(path: Path, seed: int = 0) -> Path:
    """Write 575 MB of He-scaled random weights in Keras 1's HDF5 layout, as the published file has it."""
    import h5py

    random = np.random.default_rng(seed)
    with h5py.File(path, "w") as file:
        pools = [f"block{number}_pool" for number in range(1, 6)]
        file.attrs["layer_names"] = [name.encode() for name in ["input_1", *SHAPES, *pools, "flatten"]]
        for name in ["input_1", *pools, "flatten"]:
            file.create_group(name).attrs["weight_names"] = np.array([], dtype="S1")
        for name, shape in SHAPES.items():
            group = file.create_group(name)
            scale = np.sqrt(2 / np.prod(shape[:-1]), dtype=np.float32)
            if name == "predictions":
                scale /= 50  # logits of a few units: probabilities that differ, none of them 0 or 1
            kernel = random.standard_normal(shape, dtype=np.float32)
            kernel *= scale
            bias = random.standard_normal(shape[-1], dtype=np.float32) * np.float32(0.05)
            names = [f"{name}_W_1:0", f"{name}_b_1:0"]
            group.attrs["weight_names"] = [part.encode() for part in names]
            group[names[0]] = kernel
            group[names[1]] = bias
    return path


def shared_vgg19_weights(folder: Path) -> Path:
    """Write the file into a folder that several processes share, once for all of them."""
    path = folder / "vgg19_weights.h5"
    with (folder / "vgg19_weights.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            write_vgg19_weights(path.with_suffix(".part")).replace(path)
    return path
