"""The static check of a ``.keras`` file, before Keras sees it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.archive import (
    CONFIG,
    KERAS_MEMBERS,
    METADATA,
    WEIGHTS,
    open_archive,
)
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.hdf5 import read_statistics, stored_tensors
from desktop_app.core.library.inspection.containers.limits import DEFAULT_SIDE, MAX_OUTPUTS, MAX_SIDE
from desktop_app.core.library.inspection.containers.refusal import naming_the_file, refuse
from desktop_app.core.library.inspection.keras.earlier_keras import refuse_keras_2
from desktop_app.core.library.inspection.keras.endings import activations
from desktop_app.core.library.inspection.keras.network.graph import Graph, Layer
from desktop_app.core.library.inspection.keras.network.trace import Trace
from desktop_app.core.library.inspection.keras.parsing import parse_model
from desktop_app.core.library.inspection.keras.scaling import scaling_of
from desktop_app.core.library.inspection.keras.sharing import check_shared
from desktop_app.core.library.inspection.result.meaning import meaning_of
from desktop_app.core.library.inspection.result.network_summary import NetworkSummary
from desktop_app.core.library.inspection.result.training_settings import training_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.library.inspection.containers.hdf5 import StoredTensor
    from desktop_app.core.library.inspection.keras.network.graph import Chain, RecordedShape
    from desktop_app.core.library.inspection.keras.network.rule import Shape


def inspect_archive(path: Path) -> NetworkSummary:
    """Check a ``.keras`` file completely without running anything of it.

    Only what is on Sightline's lists passes: the three members of the archive, layer classes, their
    fields and values, plain arrays. Sizes are bounded, and the stored arrays must be exactly those that
    the configuration implies, so that building the network takes no more memory than the file has.

    Args:
        path: The file.

    Returns:
        What the model takes and gives.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: The file cannot be read.
    """
    with naming_the_file(path), open_archive(path, KERAS_MEMBERS) as archive:
        metadata = parse(archive.read(METADATA), METADATA)
        document = parse(archive.read(CONFIG), CONFIG)
        refuse_keras_2(metadata, document)
        check_shared(document)
        model = parse_model(document)
        picture, any_size = _picture_shape(model)
        trace = Trace()
        output = trace.run(model, picture)
        if len(output) != 1 or not 1 <= output[0] <= MAX_OUTPUTS:
            refuse("its output is not one number per class")
        window = archive.window(WEIGHTS)
        size = archive.zip.getinfo(WEIGHTS).file_size
        stored = stored_tensors(window, size)
        _compare(trace.weights, stored)
        scaling = scaling_of(
            trace.scalers, picture[2], lambda channels: read_statistics(window, stored, channels)
        )
        meaning = meaning_of(output[0], activations(model), training_settings(document))
    height, width, channels = picture
    return NetworkSummary(
        height=height,
        width=width,
        channels=channels,
        outputs=output[0],
        parameters=trace.parameters,
        scaling=scaling,
        any_size=any_size,
        operations=trace.operations,
        meaning=meaning,
        names=tuple(_names(model)),
    )


def _names(model: Graph | Chain) -> Iterator[str]:
    yield model.name
    for part in model.parts:
        if isinstance(part, Layer):
            yield part.name
        else:
            yield from _names(part)


def _picture_shape(model: Graph | Chain) -> tuple[Shape, bool]:
    """Shape of one input picture and whether the model leaves its size open."""
    entry = _entry(model)
    if len(entry) != 3 or entry[2] not in {1, 3}:
        refuse("its input is not a picture with one or three channels")
    height, width, channels = entry
    sides = tuple(DEFAULT_SIDE if side is None else side for side in (height, width))
    if max(sides) > MAX_SIDE:
        refuse(f"its input is larger than {MAX_SIDE} pixels")
    assert channels is not None
    return (*sides, channels), height is None or width is None


def _entry(model: Graph | Chain) -> RecordedShape:
    if isinstance(model, Graph):
        return model.entry.shape
    if model.entry is not None:
        return model.entry
    if not model.parts or isinstance(model.parts[0], Layer):
        refuse("it does not say what input it takes: it was saved before it was built")
    return _entry(model.parts[0])


def _compare(implied: Sequence[Shape], stored: Mapping[str, StoredTensor]) -> None:
    """Compare the arrays that the configuration implies with those in the file, the optimizer's left out."""
    kept = [
        tensor.shape
        for name, tensor in stored.items()
        if not name.startswith("optimizer/") and "/seed_generator/" not in f"/{name}"
    ]
    if Counter(kept) != Counter(implied):
        refuse("its weights are not those that its layers need")
