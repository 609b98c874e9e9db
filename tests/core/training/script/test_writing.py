"""A script says what it needs, is written whole or not at all, and is refused with a sentence."""

from __future__ import annotations

import pytest

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.foundation.errors import ModelError, SightlineError, UsageError
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.library.backbones import lite
from desktop_app.core.training.script import data_source
from desktop_app.core.training.script.script import script_of
from desktop_app.core.training.script.writing import write_script
from tests.core.training.script.made import begun, change, loaded
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.small_backbone import tiny_lite

__all__ = ["tiny_lite"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "tiny_lite")]


@pytest.fixture
def runs(tmp_path):
    return stores_in(tmp_path)[0]


@pytest.fixture
def data(tmp_path):
    return make_data(tmp_path / 'da"ta, ü', count=4)


def test_a_short_split_stands_in_the_script(runs, data, tmp_path, monkeypatch):
    entry = begun(runs, tiny_config(data, name='My "run" \\ here'))
    alone = script_of(entry, in_folder=False)
    assert alone.notes == ("The run is not finished; the script trains it from the start.",)
    module = loaded(alone.text, tmp_path)
    wanted = {row.path: alone.facts.split.classes[row.label] for row in alone.facts.split.rows}
    listed = [row for part in ("train", "validation", "test") for row in module.pictures_of(part)]
    assert dict(listed) == wanted
    monkeypatch.setattr("desktop_app.core.training.script.script.SHORT", 3)
    long = loaded(script_of(entry, in_folder=False).text, tmp_path)
    assert entry.folder / "split.csv" == long.SPLIT
    assert long.pictures_of("train") == module.pictures_of("train")
    assert data_source.SHORT == 60


def test_the_script_says_what_came_of_the_run(runs, data):
    metrics = {"val_accuracy": 0.75, "test_accuracy": 0.5}
    entry = begun(runs, tiny_config(data), state="finished", epochs_done=4, best_epoch=3, metrics=metrics)
    text = script_of(entry, in_folder=True).text
    assert "epoch 3 of 4 epochs was the best, validation accuracy 75.0%, test accuracy 50.0%." in text


def test_a_folder_has_all_that_the_script_needs(runs, data, tmp_path):
    entry = begun(runs, tiny_config(data))
    script = write_script(entry, tmp_path / "new" / "code")
    folder = tmp_path / "new" / "code"
    assert sorted(path.name for path in folder.iterdir()) == ["split.csv", "train.py"]
    assert (folder / "train.py").read_text(encoding="utf-8") == script.text
    assert (folder / "split.csv").read_bytes() == (entry.folder / "split.csv").read_bytes()


def test_what_is_there_already_stays(runs, data, tmp_path):
    entry = begun(runs, tiny_config(data))
    (tmp_path / "there").mkdir()
    write_script(entry, tmp_path / "there")  # an empty folder
    before = (tmp_path / "there" / "train.py").read_bytes()
    (tmp_path / "file").write_text("mine")
    for taken in ("there", "file"):
        with pytest.raises(UsageError, match=f"something at .*{taken} already") as error:
            write_script(entry, tmp_path / taken)
        assert error.value.advice == "Choose a folder that does not exist yet."
    assert (tmp_path / "there" / "train.py").read_bytes() == before
    assert (tmp_path / "file").read_text() == "mine"


def test_missing_weights_leave_no_half_of_a_folder(runs, data, tmp_path, monkeypatch):
    def missing(_model_id):
        message = "The weights are missing."
        raise ModelError(message, "Install Sightline again.")

    changes = {"recipe": "pretrained", "input_size": 32, "head": "linear"}
    entry = begun(runs, tiny_config(data, **changes))
    monkeypatch.setattr(lite, "require_weights", missing)
    with pytest.raises(ModelError, match="The weights are missing"):
        write_script(entry, tmp_path / "code")
    assert not (tmp_path / "code").exists()
    alone = script_of(entry, in_folder=False)
    assert any("backbone.weights.h5: sightline code" in note for note in alone.notes)
    assert "nothing is downloaded" in alone.text


def test_data_that_have_moved_are_named(runs, data, tmp_path):
    entry = begun(runs, tiny_config(data), state="finished")
    data.rename(tmp_path / "elsewhere")
    (note,) = script_of(entry, in_folder=True).notes
    assert note.startswith("The pictures are not at ")
    assert "change DATA in the script" in note


def test_a_run_without_a_split_says_to_resume_it(runs, data):
    run = runs.create(tiny_config(data))
    change(run, state="interrupted")
    with pytest.raises(SightlineError, match="ended before its pictures were split") as error:
        script_of(runs.get(run.run_id), in_folder=False)
    assert error.value.advice == f"Resume it: sightline train --resume {run.run_id}"
    change(run, state="failed")
    with pytest.raises(SightlineError) as error:
        script_of(runs.get(run.run_id), in_folder=False)
    assert error.value.advice == "Start a new run."


def test_an_open_head_is_not_guessed(runs, data):
    changes = {"recipe": "pretrained", "random_weights": True, "input_size": 32}
    entry = begun(runs, tiny_config(data, **changes))
    with pytest.raises(SightlineError, match="before it chose between a linear head and one"):
        script_of(entry, in_folder=False)
    change(runs.open(entry.record.run_id), chosen={"head": "hidden"})
    text = script_of(runs.get(entry.record.run_id), in_folder=False).text
    assert 'layers.Dense(8, activation="relu", name="hidden")' in text


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (PixelReading(black=0, white=4095), "the numbers that become black and white"),
        (PixelReading(plane="maximum"), "which plane of a file is seen"),
        (PixelReading(bands=(3, 2, 1)), "which bands become red, green and blue"),
    ],
)
def test_decisions_that_pillow_cannot_follow_are_refused(reading, words, runs, data):
    entry = begun(runs, tiny_config(data, answers=Answers(pixels=reading)))
    with pytest.raises(SightlineError, match=words):
        script_of(entry, in_folder=False)
