"""The self-test finds what is wrong, names it and continues."""

from __future__ import annotations

import pytest
from PIL import Image

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.health import files
from desktop_app.core.health.places import Place
from desktop_app.core.health.self_test import SelfTest
from desktop_app.core.library.card_limits import FEATURES_FILE
from desktop_app.core.library.store import Library
from tests.feature_model import install_feature_model
from tests.tiny_model import install_colour_model

COLOURS = {"red": (250, 0, 0), "green": (0, 250, 0), "blue": (0, 0, 250)}


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


@pytest.fixture
def samples(tmp_path, monkeypatch):
    folder = tmp_path / "samples"
    folder.mkdir()
    for name, colour in COLOURS.items():
        Image.new("RGB", (16, 16), colour).save(folder / f"{name}.png")
    monkeypatch.setattr(files, "SAMPLES", tuple(f"{name}.png" for name in COLOURS))
    return folder


def run(library, samples, places=()):
    return {check.name: check for check in SelfTest(places, library, samples).run()}


@pytest.mark.engine
def test_all_is_well(library, samples, tmp_path):
    install_colour_model(library, "everyday")
    checks = run(library, samples, [Place("home", tmp_path, 1, writable=True)])
    assert list(checks) == ["folders", "models", "files", "pictures", "engine", "answers"]
    assert all(check.ok and not check.advice for check in checks.values())
    assert checks["answers"].sentence == "3 sample pictures classified."
    assert checks["engine"].seconds > 0


@pytest.mark.engine
def test_a_wrong_answer(library, samples):
    install_colour_model(library, "everyday")
    Image.new("RGB", (16, 16), COLOURS["red"]).save(samples / "blue.png")
    check = run(library, samples)["answers"]
    assert not check.ok
    assert check.sentence == "The model predicted red for blue."


def test_without_a_model_the_rest_is_examined_all_the_same(library, samples):
    checks = run(library, samples)
    assert checks["pictures"].ok
    assert not checks["engine"].ok
    assert "everyday" in checks["engine"].sentence
    assert checks["answers"].sentence == "Not tried, because it needs the check 'engine', which failed."


def test_a_damaged_model_is_named(library, samples):
    (library.installed / "mine").mkdir(parents=True)
    (library.installed / "mine" / "card.json").write_text("{}")
    check = run(library, samples)["models"]
    assert not check.ok
    assert "The model mine cannot be used" in check.sentence
    assert "models remove mine" in check.advice


@pytest.mark.engine
def test_changed_weights_are_noticed(library, samples):
    entry = install_colour_model(library, "everyday")
    with entry.weights.open("ab") as file:
        file.write(b"\0")
    check = run(library, samples)["models"]
    assert not check.ok
    assert "not those that were installed" in check.sentence


@pytest.mark.engine
def test_changed_features_are_noticed(library, samples):
    entry = install_feature_model(library, "mine")
    path = entry.folder / FEATURES_FILE
    path.write_bytes(bytes(path.stat().st_size))
    check = run(library, samples)["models"]
    assert check.sentence == "The features of the model mine are damaged: its checksum is not the card's."
    assert "models remove mine" in check.advice


def test_a_damaged_model_of_the_app_itself_is_not_to_be_removed(library, samples):
    (library.shipped / "everyday").mkdir(parents=True)
    (library.shipped / "everyday" / "card.json").write_text("{}")
    check = run(library, samples)["models"]
    assert "The model everyday cannot be used" in check.sentence
    assert check.advice == "Reinstall Sightline."


def test_without_the_folders_of_the_app_it_says_so(monkeypatch):
    def gone(name):
        raise DamagedInstallation(f"The folder '{name}' is missing.", "Reinstall Sightline.")

    monkeypatch.setattr(paths, "bundled", gone)
    checks = {check.name: check for check in SelfTest(()).run()}
    assert checks["models"].sentence == "The folder 'models' is missing."
    assert checks["pictures"].sentence == "The folder 'resources' is missing."
    assert [name for name, check in checks.items() if check.ok] == ["folders"]


def test_a_damaged_sample(library, samples):
    (samples / "red.png").write_bytes(b"no picture")
    check = run(library, samples)["pictures"]
    assert not check.ok
    assert check.advice


@pytest.mark.engine
def test_a_missing_sample_stops_nothing_else(library, samples):
    install_colour_model(library, "everyday")
    (samples / "green.png").unlink()
    checks = run(library, samples)
    assert [name for name, check in checks.items() if not check.ok] == ["files"]
    assert checks["files"].sentence.endswith(": green.png.")


def test_missing_samples(library, tmp_path):
    (tmp_path / "none").mkdir()
    assert "no sample picture" in run(library, tmp_path / "none")["pictures"].sentence


def test_a_folder_without_the_right_to_write(library, samples, tmp_path):
    place = Place("home", tmp_path, None, writable=False, problem="Permission denied")
    check = run(library, samples, [place])["folders"]
    assert not check.ok
    assert "Permission denied" in check.sentence
    assert "SIGHTLINE_HOME" in check.advice


def test_a_defect_is_named_and_the_rest_goes_on(library, samples, monkeypatch, caplog):
    def broken(*_arguments, **_options):
        raise RuntimeError("a defect")

    monkeypatch.setattr("desktop_app.core.health.self_test.load_source", broken)
    checks = run(library, samples)
    assert checks["pictures"].sentence == "RuntimeError: a defect"
    assert len(checks) == 6
    assert "a defect" in caplog.text
