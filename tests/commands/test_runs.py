from __future__ import annotations

import json

import pytest

from desktop_app.cli import main
from desktop_app.core.datasets.answers import Answers
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.task.classification import CLASSIFICATION
from tests.core.training.epochs import epoch

FIGURES = {"loss": 0.61, "accuracy": 0.7, "val_loss": 0.58, "val_accuracy": 0.72}
EPOCH = epoch(**FIGURES)


@pytest.fixture
def run(tmp_path):
    """A run that was interrupted after one epoch."""
    config = TrainingConfig(
        data=tmp_path / "pets", recipe="mlp", hyperparameters=default_hyperparameters().changed({"epochs": 5})
    )
    folder = RunStore.default().create(config)
    folder.write_history([EPOCH], CLASSIFICATION)
    folder.write_record(
        folder.read_record().model_copy(
            update={"epochs_done": 1, "metrics": {"val_accuracy": 0.72}, "classes": ("cats", "dogs")}
        )
    )
    return folder.run_id


def test_lists_runs_with_their_state(run, capsys):
    assert main(["runs"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(run)
    assert "val. 72.0%" in line
    assert "Interrupted, 1 of 5 epochs, can be resumed" in line


def test_unbalanced_runs_are_listed_by_the_balanced_accuracy(run, capsys):
    folder = RunStore.default().open(run)
    metrics = {"val_accuracy": 0.976, "val_balanced_accuracy": 0.5, "test_balanced_accuracy": 0.75}
    metrics |= {"test_accuracy": 0.9, "test_macro_f1": 0.7}
    folder.write_record(folder.read_record().model_copy(update={"metrics": metrics, "unbalanced": True}))
    assert main(["runs"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "val. 50.0% balanced" in line
    assert "test 75.0% balanced" in line
    assert main(["runs", "show", run]) == 0
    shown = capsys.readouterr().out
    for words in ("val. balanced accuracy 50.0%", "test accuracy 90.0%", "test macro F1 70.0%"):
        assert words in shown


@pytest.mark.parametrize("words", [["--format", "json"], ["list", "--format", "json"]])
def test_lists_runs_as_json(run, words, capsys):
    assert main(["runs", *words]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["id"] == run
    assert (entry["state"], entry["epochs"], entry["planned_epochs"]) == ("interrupted", 1, 5)
    assert entry["resumable"] is True


def test_no_run_yet_is_said_on_standard_error(capsys):
    assert main(["runs"]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert "sightline train" in output.err


def test_shows_one_run_with_its_epochs_and_settings(run, capsys):
    assert main(["runs", "show", run]) == 0
    shown = capsys.readouterr().out
    for words in ("mlp", "loss 0.6100", "val. accuracy 72.0%", "epochs=5", f"--resume {run}"):
        assert words in shown


def test_shows_losses_as_they_are_and_parts_as_percentages(run, capsys):
    folder = RunStore.default().open(run)
    metrics = {"loss": 0.61, "accuracy": 0.7, "val_loss": 1.25, "val_top_k": 0.9, "test_accuracy": 0.68}
    classes = tuple(f"class {number}" for number in range(20))
    folder.write_record(folder.read_record().model_copy(update={"metrics": metrics, "classes": classes}))
    folder.write_history([epoch(**FIGURES, val_top_k=0.9)], CLASSIFICATION)
    assert main(["runs", "show", run]) == 0
    shown = capsys.readouterr().out
    (line,) = (line for line in shown.splitlines() if line.startswith("  figures"))
    figures = "loss 0.6100, accuracy 70.0%, val. loss 1.2500, val. top-5 90.0%, test accuracy 68.0%"
    assert line.split(maxsplit=1)[1] == figures
    assert "val. accuracy 72.0%  val. top-5 90.0%" in shown


def test_shows_one_run_as_json(run, capsys):
    assert main(["runs", "show", run, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["history"][0]["val_loss"] == 0.58
    assert shown["history"][0]["top_k"] is None
    assert shown["record"]["config"]["hyperparameters"]["epochs"] == 5


def test_renames_a_run(run, capsys):
    assert main(["runs", "rename", run, "Die Erste ✓"]) == 0
    assert RunStore.default().get(run).record.name == "Die Erste ✓"
    assert main(["runs", "rename", run, " "]) == 2
    assert "characters" in capsys.readouterr().err


def test_a_removed_run_comes_back(run, capsys):
    assert main(["runs", "remove", run]) == 0
    assert RunStore.default().list() == ()
    assert main(["runs", "restore"]) == 0
    assert RunStore.default().get(run).history == (EPOCH,)
    assert main(["runs", "restore"]) == 1
    assert "no run in the trash" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["show", "remove"])
def test_an_unknown_run_is_named_with_the_known(run, action, capsys):
    assert main(["runs", action, "nothing"]) == 2
    output = capsys.readouterr()
    assert "nothing" in output.err
    assert run in output.err
    assert output.out == ""


def test_a_damaged_run_is_listed_with_its_problem(run, capsys):
    (RunStore.default().folder / run / "run.json").write_text("{", encoding="utf-8")
    assert main(["runs"]) == 0
    assert "Cannot be read" in capsys.readouterr().out
    assert main(["runs", "show", run]) == 0
    assert "run.json is not valid" in capsys.readouterr().out


def test_shows_how_the_data_were_read(tmp_path, capsys):
    config = TrainingConfig(
        data=tmp_path / "pets",
        recipe="mlp",
        hyperparameters=default_hyperparameters(),
        answers=Answers(folders={"seg_pred": "ignore"}),
    )
    run_id = RunStore.default().create(config).run_id
    assert main(["runs", "show", run_id]) == 0
    assert "  read as   'seg_pred' is not used" in capsys.readouterr().out.splitlines()
