"""Saves models without pause until it is killed; prints a line of JSON after every finished save."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from pathlib import Path

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.files import write_whole
from desktop_app.core.library.card import ClassLabel, ModelCard
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.networks.input_spec import InputSpec
from tests.keras_file import CLASSES, SIDE
from tests.torture.saves import library_in


def main() -> None:
    folder = Path(sys.argv[1])
    library = library_in(folder)
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    library.sweep()
    start = _version(library) + 1
    for version in itertools.count(start):
        # The file differs from version to version, so that a mixture would not have its card's checksum.
        library.add(
            _card("kept", version), lambda path, number=version: path.write_bytes(b"%d" % number * 9999)
        )
        _acknowledge("kept", version)
        export_model(library, "kept", exports / "kept.zip")
        _acknowledge("export", version)
        if library.free_id("moved") == "moved" and not library.trashed():
            library.add(_card("moved", version), lambda path: path.write_bytes(b"moved"))
        _acknowledge("moved", version)
        for trashed in library.trashed():
            if trashed.model_id == "moved":
                library.restore(trashed)
        library.remove("moved")
        write_whole(folder / "settings.json", json.dumps({"version": version, "text": "x" * 5000}))
        _acknowledge("settings", version)
        card = import_model(
            library,
            folder / "source.keras",
            Wishes(labels=["class"] * CLASSES, preprocessing="unit"),
            cancel=NEVER,
        )
        _acknowledge("import", version)
        library.remove(card.id)
        for model in library.trashed():
            if model.model_id != "moved":
                shutil.rmtree(model.folder.parent)


def _version(library) -> int:
    models = {entry.model_id: entry for entry in library.entries()}
    return int(models["kept"].card.description) if "kept" in models else 0


def _card(model_id: str, version: int) -> ModelCard:
    return ModelCard(
        id=model_id,
        name=model_id,
        description=str(version),
        origin="trained",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=str(number), label="class") for number in range(CLASSES)],
        input=InputSpec(height=SIDE, width=SIDE),
    )


def _acknowledge(what: str, version: int) -> None:
    print(json.dumps({"what": what, "version": version}), flush=True)


if __name__ == "__main__":
    main()
