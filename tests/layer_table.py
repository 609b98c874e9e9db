"""The tables of Keras's layers and functions in docs/keras-models.md: `python -m tests.layer_table`."""

from __future__ import annotations

import inspect
from pathlib import Path

from desktop_app.core.library.inspection.keras.rules.listing import advice_for, function_names, layer_names

PAGE = Path(__file__).parent.parent / "docs" / "keras-models.md"
BEGIN, END = "<!-- python -m tests.layer_table: begin -->", "<!-- python -m tests.layer_table: end -->"
_BASES = {"InputLayer", "InputSpec", "Layer", "Wrapper"}
_REASONS = {
    "Lambda": "holds code",
    "TFSMLayer": "holds a graph of its own",
    "Equalization": "Keras cannot put it into a network",
    "ContrastLimitedAdaptiveHistogramEqualization": "acts on pictures when answering too",
    "Pipeline": "is written with whatever is in it: put the layers into the network one by one",
    "Masking": "pictures have no missing steps",
    "RNN": "takes cells of any class",
    "StackedRNNCells": "a part of RNN",
    "ReversibleEmbedding": "for words",
    "MelSpectrogram": "for sound",
    "STFTSpectrogram": "for sound",
}


def names_in_keras() -> dict[str, str]:
    """Map each name in `keras.layers` to the name that a file has for its class."""
    import keras

    found = {name: each for name, each in vars(keras.layers).items() if inspect.isclass(each)}
    longest: dict[type, str] = {}
    for name, each in found.items():
        if name == each.__name__ or each not in longest:
            longest[each] = name
    return {name: longest[each] for name, each in found.items() if name not in _BASES}


def _reason(name: str) -> str:
    if name in _REASONS:
        return _REASONS[name]
    if "3D" in name or name.startswith("ConvLSTM"):
        return "for volumes and films"
    if name.endswith("Cell"):
        return "a part of RNN"
    if name.startswith(("Torch", "Jax", "Flax")):
        return "holds code of another library"
    return "for words and tables" if "words and tables" in advice_for("keras.layers", name) else ""


def drawn() -> str:
    """Write both tables as Markdown."""
    kinds = names_in_keras()
    taken = sorted({kind for kind in kinds.values() if kind in layer_names()})
    refused = sorted({kind for kind in kinds.values() if kind not in layer_names()})
    aliases = sum(name != kind for name, kind in kinds.items())
    modules: dict[str, list[str]] = {}
    for module, name in sorted(function_names()):
        modules.setdefault(module.removeprefix("keras.src."), []).append(name)
    lines = [
        (
            f"Of the {len(taken) + len(refused)} layers in `keras.layers` ({aliases} more names are aliases) "
            f"{len(taken)} are taken and {len(refused)} refused."
        ),
        "",
        "| taken | |",
        "|---|---|",
        f"| layers | {', '.join(taken)} |",
        *(f"| `{module}` | {', '.join(names)} |" for module, names in modules.items()),
        "",
        "| refused | because |",
        "|---|---|",
        *(f"| {name} | {_reason(name)} |" for name in refused),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(drawn())
