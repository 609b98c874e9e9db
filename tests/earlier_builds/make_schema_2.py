"""Made ``schema_2``, once: the cards of models before they said what share of a picture a crop keeps.

``python -m tests.earlier_builds.make_schema_2``, with the build before; see `make_schema_1`.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from desktop_app.core.library.card import CARD, Calibration, ClassLabel, ModelCard
from desktop_app.core.library.vgg19.card import vgg19_card
from desktop_app.core.networks.input_spec import InputSpec
from tests.earlier_builds.pictures import CLASSES

KEPT = Path(__file__).resolve().parent / "schema_2"


def main() -> None:
    """Write a card that leaves nothing out, and the one of VGG19."""
    assert CARD.version == 2
    KEPT.mkdir()
    sums = []
    for card in (full_card(), vgg19_card(verified=True, origin="downloaded")):
        content = (card.model_dump_json(indent=2) + "\n").encode()
        (KEPT / f"{card.id}.json").write_bytes(content)
        sums.append((f"{card.id}.json", hashlib.sha256(content).hexdigest()))
    with (KEPT / "sums.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(sums)


def full_card() -> ModelCard:
    """A card that leaves nothing out."""
    return ModelCard(
        id="everything",
        name="Everything that a card can say",
        description="Two\nlines.",
        task="classification",
        architecture="keras",
        origin="trained",
        weights_file="network.keras",
        weights_sha256="5" * 64,
        verified=False,
        classes=[ClassLabel(class_id=f"n{number}", label=label) for number, label in enumerate(CLASSES)],
        input=InputSpec(height=8, width=8, channels=3, preprocessing="symmetric", fit="crop", mirrored=True),
        calibration=Calibration(temperature=1.5, not_sure_below=0.45, error_before=0.125, error_after=0.0625),
        parameters=260,
        recipe="mlp",
        metrics={"top1": 0.75, "top3": 1.0, "pictures": 40.0},
        data="Four colours with noise.",
        versions={"Sightline": "0.1.0"},
        licence="MIT",
        source="https://example.org/model",
        created="2026-11-28",
    )


if __name__ == "__main__":
    main()
