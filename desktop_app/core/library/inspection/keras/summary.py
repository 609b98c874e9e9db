"""The static check of a ``.keras`` file, before Keras sees it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.inspection.containers.archive import (
    CONFIG,
    KERAS_MEMBERS,
    METADATA,
    WEIGHTS,
    open_archive,
)
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.hdf5 import read_statistics, stored_tensors
from desktop_app.core.library.inspection.containers.limits import MAX_OUTPUTS, MAX_WEIGHT_BYTES
from desktop_app.core.library.inspection.containers.refusal import (
    naming_the_file,
    refuse,
    short,
    to_the_maker,
)
from desktop_app.core.library.inspection.keras.earlier_keras import refuse_keras_2
from desktop_app.core.library.inspection.keras.endings import activations
from desktop_app.core.library.inspection.keras.entry import entry_of
from desktop_app.core.library.inspection.keras.network.graph import Graph, Layer
from desktop_app.core.library.inspection.keras.network.tensorflow_functions import with_keras_names
from desktop_app.core.library.inspection.keras.network.trace import Trace
from desktop_app.core.library.inspection.keras.parsing import is_functional_subclass, parse_model
from desktop_app.core.library.inspection.keras.rules import augmentation
from desktop_app.core.library.inspection.keras.scaling import scaling_of
from desktop_app.core.library.inspection.keras.sharing import check_shared
from desktop_app.core.library.inspection.keras.stem import doubted
from desktop_app.core.library.inspection.result.meaning import meaning_of
from desktop_app.core.library.inspection.result.network_summary import NetworkSummary, Scaling
from desktop_app.core.library.inspection.result.training_settings import training_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.library.inspection.containers.hdf5 import StoredTensor
    from desktop_app.core.library.inspection.keras.network.graph import Chain
    from desktop_app.core.library.inspection.keras.network.rule import Shape

_WITH_SHEAR = (
    "it takes whole numbers, and its RandomShear layer, which Keras cannot load, may be what makes fractions "
    "of them"
)
_SHEAR_ADVICE = to_the_maker(
    "use RandomShear on the data before the network, or start it with keras.Input without a dtype, and save "
    "it again"
)
_OWN_CLASS = (
    "It is of a class of its own, {}, and taken as the network of stock layers in its file: what that class "
    "changes about its answers is not there."
)


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
        document = with_keras_names(document)
        check_shared(document)
        model = parse_model(document)
        entry = entry_of(model)
        if entry.whole_numbers and not augmentation.NOT_LOADED.isdisjoint(_kinds(model)):
            refuse(_WITH_SHEAR, _SHEAR_ADVICE)
        trace = Trace()
        output = trace.run(model, entry.shape)
        if len(output) != 1 or not 1 <= output[0] <= MAX_OUTPUTS:
            refuse("its output is not one number per class")
        window = archive.window(WEIGHTS)
        size = archive.zip.getinfo(WEIGHTS).file_size
        stored = stored_tensors(window, size)
        _compare(trace.weights, stored)
        if entry.whole_numbers:
            scaling = Scaling(True, "none", "input takes whole numbers, as 0..255 are")
        else:
            scaling = scaling_of(
                trace.scalers, entry.channels, lambda channels: read_statistics(window, stored, channels)
            )
        if scaling.decided:
            scaling = doubted(scaling, trace, (entry.height, entry.width, entry.channels), window, stored)
        meaning = meaning_of(output[0], activations(model), training_settings(document))
    remarks = [entry.reading]
    if is_functional_subclass(document):
        remarks.append(_OWN_CLASS.format(short(document["class_name"])))
    return NetworkSummary(
        height=entry.height,
        width=entry.width,
        channels=entry.channels,
        outputs=output[0],
        parameters=trace.parameters,
        scaling=scaling,
        any_size=entry.any_size,
        layout=entry.layout,
        operations=trace.operations,
        meaning=meaning,
        remark=" ".join(filter(None, remarks)),
        names=tuple(_names(model)),
        dtype="uint8" if entry.whole_numbers else "float32",
    )


def _kinds(model: Graph | Chain) -> Iterator[str]:
    for part in model.parts:
        if isinstance(part, Layer):
            yield part.kind
        else:
            yield from _kinds(part)


def _names(model: Graph | Chain) -> Iterator[str]:
    yield model.name
    for part in model.parts:
        if isinstance(part, Layer):
            yield part.name
        else:
            yield from _names(part)


def _compare(implied: Sequence[Shape], stored: Mapping[str, StoredTensor]) -> None:
    """Compare the arrays that the configuration implies with those in the file, the optimizer's left out."""
    kept = {
        name: tensor
        for name, tensor in stored.items()
        if "/optimizer/" not in f"/{name}" and "/seed_generator/" not in f"/{name}"
    }
    if Counter(tensor.shape for tensor in kept.values()) != Counter(implied):
        if any("/lora_" in name or name.startswith("lora/") for name in kept):
            refuse("its file has adapters (LoRA) beside the weights that they belong to", _LORA_ADVICE)
        refuse("its weights are not those that its layers need")
    size = sum(tensor.bytes for tensor in kept.values())
    if size > MAX_WEIGHT_BYTES:
        clause = f"its weights have {readable_size(size)}, more than {readable_size(MAX_WEIGHT_BYTES)}"
        refuse(clause, "Choose a smaller network of the same kind.")


_LORA_ADVICE = to_the_maker(
    "save the whole model with model.save('NAME.keras') in Keras 3, which adds the adapters to the weights"
)
