"""Removes one file of each kind from the installed app: it must say so, and never with a traceback."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trial import installing
from trial.person import PATIENCE
from trial.report import require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trial.person import Person
    from trial.report import Report
    from trial.roots import Root

BUNDLE = "/usr/lib/sightline/_internal"


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is missing.

    Attributes:
        kind: What it is.
        place: In the bundle.
        words: The command that needs it.
        said: Must be in what the command prints.
    """

    kind: str
    place: str
    words: tuple[str, ...]
    said: str


CLASSIFY = ("sightline", "classify", "--model", "everyday", installing.PICTURE)
WINDOW = ("sightline", "window")
SELF_TEST = ("sightline", "doctor", "--self-test")
KINDS = (
    Damage("Qt's plug-in for X11", "PySide6/Qt/plugins/platforms/libqxcb.so", WINDOW, "'xcb' is missing"),
    Damage("Qt's widgets", "PySide6/Qt/lib/libQt6Widgets.so.6", WINDOW, "libQt6Widgets.so.6"),
    Damage("the model file", "models/everyday/model.keras", CLASSIFY, "model.keras is missing"),
    Damage("the model's card with its labels", "models/everyday/card.json", CLASSIFY, "card.json"),
    Damage("all models", "models", CLASSIFY, "'models' is missing"),
    Damage("all models, in the window", "models", WINDOW, "'models' is missing"),
    Damage("TensorFlow's library", "tensorflow/libtensorflow_cc.so.2", CLASSIFY, "libtensorflow_cc.so.2"),
    Damage("the resources", "resources", CLASSIFY, "'resources' is missing"),
    Damage("the resources, in the window", "resources", WINDOW, "'resources' is missing"),
    Damage("an icon", "resources/icons/folder.svg", WINDOW, "folder.svg"),
    Damage("the app's own icon", "resources/icons/sightline.svg", WINDOW, "sightline.svg"),
    Damage(
        "the label list", "resources/imagenet_labels.csv", SELF_TEST, "imagenet_labels.csv cannot be read"
    ),
    Damage("a sample", "resources/samples/cat.jpg", SELF_TEST, "Sample pictures are missing"),
)


def damage_all(root: Root, person: Person, report: Report) -> None:
    """Remove one after the other and put each back."""
    for damage in KINDS:
        with report.check(f"without {damage.kind}") as found, _without(root, damage.place):
            said = _try(person, damage)
            require("Traceback" not in said and said.strip(), f"it said: {said}")
            require(damage.said in said, f"not in '{said.strip()}': {damage.said}")
            found.append(next(line.strip() for line in said.splitlines() if damage.said in line))
    with report.check("without the model file, in the window"), _without(root, "models/everyday/model.keras"):
        installing.choose(root, {"model_id": "everyday"})
        app = person.begin("sightline", installing.PICTURE)
        person.look_at(app)
        app.wait_for_log("Model everyday: failed")
        person.photograph("5-without-model")
        person.press("ctrl+q")
        require(app.wait_for_end(PATIENCE) == 0, f"it ended with {app.process.returncode}")
        require("Traceback" not in app.said() + app.logged_now(), app.said() + app.logged_now())


def _try(person: Person, damage: Damage) -> str:
    """Run the command that needs the missing file; returns what it printed."""
    app = person.begin(*damage.words)
    status = app.wait_for_end(PATIENCE)
    require(0 < status < 128, f"it ended with status {status}: {app.said()}")
    return app.said()


@contextlib.contextmanager
def _without(root: Root, place: str) -> Iterator[None]:
    path = root.outside(f"{BUNDLE}/{place}")
    away = root.outside("/root/away")  # the administrator's folder inside the fresh system, not of this one
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)
