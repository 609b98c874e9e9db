"""Uses the installed app without a network: self-test, pictures, a training."""

from __future__ import annotations

import json
import random
import re
import time
from typing import TYPE_CHECKING

from PIL import Image

from trial import entry, installing
from trial.person import PATIENCE, five_labels
from trial.report import Failed, require
from trial.roots import HOME

if TYPE_CHECKING:
    from pathlib import Path

    from trial.person import InstalledApp, Person
    from trial.report import Report
    from trial.roots import Root

PROGRAM = "sightline"
CLASSES = {"reds": (200, 40, 40), "blues": (40, 40, 200)}
PICTURES_PER_CLASS, SIDE = 24, 48
EPOCHS = 3


def run_self_test(root: Root, report: Report, program: str | Path = PROGRAM) -> None:
    """Run the self-test of the frozen app."""
    with report.check("sightline doctor --self-test") as found:
        done = root.run(program, "doctor", "--self-test", "--format", "json", person=True, check=False)
        require("Traceback" not in done.stderr, done.stderr)
        try:
            told = json.loads(done.stdout)
        except ValueError:
            raise Failed(f"no report, status {done.returncode}: {done.stdout}{done.stderr}") from None
        for check in told["checks"]:
            print(f"    {check['name']:<10} {check['seconds']:6.2f} s  {check['sentence']}", flush=True)
        wrong = [f"{check['name']}: {check['sentence']}" for check in told["checks"] if not check["ok"]]
        require(told["ok"] and done.returncode == 0 and not wrong, f"status {done.returncode}: {wrong}")
        found.append(f"{len(told['checks'])} checks")


def open_picture(root: Root, person: Person, report: Report) -> None:
    """Open a picture as a file manager does, then drop another one."""
    with report.check("a picture opened through the desktop file's Exec line has five labels") as found:
        picture = root.give(root.outside(installing.PICTURE), HOME / "Bilder & 写真" / "eine Katze.jpg")
        other = root.give(
            root.outside(installing.PICTURE).with_name("ship.jpg"), HOME / "Bilder & 写真" / "schiff.jpg"
        )
        desktop = entry.read(root.outside(installing.DESKTOP_FILE))[entry.GROUP]
        require(root.outside(f"/usr/bin/{desktop['TryExec']}").is_symlink(), "TryExec names no program")
        app = person.begin(*entry.command(desktop["Exec"], [picture.as_uri()]))
        person.look_at(app)
        labels = five_labels(answer(person))
        require(labels[0] == "cat", f"the cat is taken for {labels}")
        person.photograph("1-opened")
        found.append(", ".join(labels))
        drop_picture(person, other, report)
        person.leave(app)
        installing.require_settings_kept(app)


def drop_picture(person: Person, picture: Path, report: Report) -> None:
    """Drag a picture into the open window with the mouse."""
    with report.check("a picture that is dropped with the mouse has five labels") as found:
        person.drag(urls=[picture.as_uri()])
        labels = wait_for_label(person, "ship")
        person.photograph("2-dropped")
        found.append(", ".join(labels))


def answer(person: Person) -> str:
    """Copy the result, and wait as long as a first start needs."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return person.answer()
        except TimeoutError:
            if time.monotonic() > deadline:
                raise


def wait_for_label(person: Person, label: str) -> list[str]:
    """Wait until the current picture has this label, and name all five.

    Raises:
        Failed: It never has.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        labels = five_labels(answer(person))
        if labels[0] == label:
            return labels
        require(time.monotonic() < deadline, f"the answer stays {labels}, never {label}")


def train(root: Root, person: Person, report: Report) -> None:
    """Train in the window with mouse and keys, and classify with what came out."""
    with report.check("a folder that is dropped trains a model in the window") as found:
        data, unseen = _draw_classes(root)
        app = person.begin(PROGRAM)
        person.look_at(app)
        person.start_training(app, data, epochs=EPOCHS)
        app.wait_for_log("A training has ended")
        require("A training has ended: finished" in app.logged_now(), "the training did not finish")
        person.photograph("3-trained")
        models = [card.parent.name for card in (app.home / "models").glob("*/card.json")]
        require(len(models) == 1, f"the trained models are {models}")
        found.append(models[0])
        person.press("space")  # on the button that classifies with the model
        app.wait_until(lambda: _chosen(app) == models[0], "the new model is chosen")
        person.drag(urls=[unseen.as_uri()])
        text = answer(person)
        require(text.split()[0] == "blues", f"the blue picture is taken for: {text}")
        person.photograph("4-classified")
        person.leave(app)
    installing.choose(root, {"model_id": "everyday"})
    with report.check("sightline train") as found:
        words = ("--recipe", "mlp", "--epochs", str(EPOCHS), "--format", "jsonl")
        done = root.run(PROGRAM, "train", data, *words, person=True)
        found.append(f"{len(done.stdout.splitlines())} events")
        listed = root.run(PROGRAM, "runs", person=True).stdout
        require(re.search(r"mlp .*Finished", listed), f"the runs are {listed}")


def _chosen(app: InstalledApp) -> str:
    return str(json.loads((app.home / "settings.json").read_text(encoding="utf-8"))["model_id"])


def _draw_classes(root: Root) -> tuple[Path, Path]:
    """Draw pictures of two classes for the person.

    Returns:
        The folder of class folders, and a blue picture that is not in it, as seen in the system.
    """
    folder = HOME / "Bilder & 写真"
    for name, colour in CLASSES.items():
        for number in range(PICTURES_PER_CLASS):
            _draw(root.outside(folder / "Farben" / name / f"{number}.png"), colour, number)
    unseen = folder / "blau.png"
    _draw(root.outside(unseen), CLASSES["blues"], 1000)
    root.own(root.outside(folder))
    return folder / "Farben", unseen


def _draw(path: Path, colour: tuple[int, int, int], seed: int) -> None:
    """Save a noisy picture of one colour."""
    noise = random.Random(seed)  # noqa: S311 - pictures, no secrets
    pixels = bytes(part + noise.randint(-40, 40) for _ in range(SIDE * SIDE) for part in colour)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.frombytes("RGB", (SIDE, SIDE), pixels).save(path)
