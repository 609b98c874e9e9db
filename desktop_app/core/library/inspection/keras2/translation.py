"""From a file of Keras 2, or an ``.h5`` file of Keras 3, to a ``.keras`` file that is inspected as usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.limits import DEFAULT_SIDE
from desktop_app.core.library.inspection.containers.refusal import naming_the_file, refuse, short
from desktop_app.core.library.inspection.keras.network.graph import Graph, Layer
from desktop_app.core.library.inspection.keras.network.trace import Trace
from desktop_app.core.library.inspection.keras.parsing import parse_model
from desktop_app.core.library.inspection.keras2.matching import Wanted, match
from desktop_app.core.library.inspection.keras2.models import Models
from desktop_app.core.library.inspection.keras2.places import earlier_places, layer_places, weight_places
from desktop_app.core.library.inspection.keras2.source import is_source, open_source, plain_settings
from desktop_app.core.library.inspection.keras2.writing import Copy, write_archive
from desktop_app.core.library.inspection.result.training_settings import training_settings

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.inspection.keras.network.graph import Chain
    from desktop_app.core.library.inspection.keras.network.rule import Shape
    from desktop_app.core.library.inspection.keras2.layers import Record
    from desktop_app.core.library.inspection.keras2.models import Path as Names
    from desktop_app.core.library.inspection.keras2.source import Source


def needs_translation(path: Path) -> bool:
    """Whether a file is translated before it is inspected: HDF5, or a ``.keras`` file of Keras 2.

    Raises:
        ModelError: It is an archive that is refused anyway.
        StorageError: It cannot be read.
    """
    with naming_the_file(path):
        return is_source(path)


def translate(path: Path, target: Path, cancel: CancelToken) -> str:
    """Write the model of a file as a ``.keras`` file of Keras 3, without optimizer and training settings.

    Neither TensorFlow nor Keras is loaded. The configuration is translated layer by layer and must pass
    Sightline's list; each array must have the shape that its layer needs. The names of loss and metrics are
    kept as text, since they say what the outputs mean. `inspect_archive` has still to be asked about the
    result: it looks at the outputs too.

    Args:
        path: ``.h5`` file with a whole model, or a ``.keras`` file of Keras 2.
        target: File to create or replace; its folder exists.
        cancel: Token that stops it.

    Returns:
        Version of Keras that wrote the file, such as ``2.15.0``; empty where it does not say.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: It cannot be read, or the target not written.
        Cancelled: The user cancelled; nothing is left.
    """
    with naming_the_file(path), open_source(path) as source:
        models = Models(source.modern)
        document = models.translate(source.model)
        shapes = _shapes(document)
        cancel.check()
        copies = _copies(source, document, models, shapes)
        document["compile_config"] = _settings(source.settings)
        write_archive(target, document, source.weights, copies, cancel)
        return source.version


def _shapes(document: Record) -> dict[Names, tuple[Shape, ...]]:
    """Shapes of the weights of each layer, as they follow from the configuration; the lists are applied."""
    model = parse_model(document)
    entry = tuple(DEFAULT_SIDE if side is None else side for side in _entry(model))
    trace = Trace()
    trace.run(model, entry)
    found: dict[Names, tuple[Shape, ...]] = {}
    waiting: list[tuple[Names, Chain | Graph]] = [((), model)]
    while waiting:
        path, part = waiting.pop()
        for inner in part.parts:
            if isinstance(inner, Layer):
                found[*path, inner.name] = trace.weights_of(inner)
            else:
                waiting.append(((*path, inner.name), inner))
    return found


def _entry(model: Chain | Graph) -> tuple[int | None, ...]:
    if isinstance(model, Graph):
        return model.entry.shape
    if model.entry is None:
        refuse("it does not say what input it takes: it was saved before it was built")
    return model.entry


def _copies(
    source: Source, document: Record, models: Models, shapes: dict[Names, tuple[Shape, ...]]
) -> list[Copy]:
    """Find the arrays of all layers, and the paths that they get."""
    find = _in_archive if source.attributes is None else _in_hdf5
    found = find(source, models, shapes, layer_places(document))
    copies = []
    for path, (place, record) in layer_places(document).items():
        arrays = found.get(path, [])
        leaf = models.leaves.get(path)
        gains = leaf.gains if leaf else ()
        targets = weight_places(record, len(arrays))
        for number, (array, below) in enumerate(zip(arrays, targets, strict=True)):
            gain = gains[number] if number < len(gains) else None
            copies.append(Copy(array, f"{place}/{below}", gain))
    if sum(map(len, shapes.values())) != len(copies):
        refuse("its weights are not those that its layers need")
    return copies


def _in_hdf5(
    source: Source,
    models: Models,
    shapes: dict[Names, tuple[Shape, ...]],
    places: dict[Names, tuple[str, Record]],
) -> dict[Names, list[str]]:
    groups: dict[str, dict[Names, Wanted]] = {}
    twice = set()
    for path, leaf in models.leaves.items():
        kind = places[path][1]["class_name"] if path in places else ""
        needed = shapes.get(path, ())
        if kind == "SpectralNormalization":  # Keras 3 stores the kernel twice, an .h5 file has it once
            twice.add(path)
            needed = (*needed[:-2], *needed[-1:])
        wanted = Wanted(leaf.names, kind, leaf.trainable, needed)
        groups.setdefault(leaf.names[0], {})[path] = wanted
    return {
        path: [
            f"model_weights/{group}/{name}"
            for name in ([*names[:-1], names[0], names[-1]] if path in twice else names)
        ]
        for group, members in groups.items()
        for path, names in match(group, source.arrays(group), members).items()
    }


def _in_archive(
    source: Source,
    models: Models,
    shapes: dict[Names, tuple[Shape, ...]],
    places: dict[Names, tuple[str, Record]],
) -> dict[Names, list[str]]:
    found: dict[Names, list[str]] = {}
    weighted = {leaf.place for path, leaf in models.leaves.items() if shapes.get(path)}
    renamed = {} if _has_layers(source) else earlier_places(models.order, weighted)
    for path, leaf in models.leaves.items():
        needed = shapes.get(path, ())
        if path not in places:
            continue
        place = renamed.get(leaf.place, leaf.place)
        own = [f"{place}/{below}" for below in weight_places(places[path][1], len(needed), earlier=True)]
        stored = [source.tensors[name].shape if name in source.tensors else None for name in own]
        if stored != list(needed):
            refuse(f"the weights of the layer {short(path[-1])} are not those that it needs")
        found[path] = own
    return found


def _has_layers(source: Source) -> bool:
    """Whether the paths are those of Keras 2.15."""
    return any(name.startswith("layers/") for name in source.tensors)


def _settings(settings: Record) -> Record | None:
    """Names of loss and metrics as plain text."""
    found = training_settings({"compile_config": plain_settings(settings)})
    if not found.loss and not found.metrics:
        return None
    return {"loss": found.loss or None, "metrics": list(found.metrics)}
