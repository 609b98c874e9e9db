from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_app.cli import main
from desktop_app.commands.interrupts import TERMINATED
from desktop_app.commands.threads import decoding_threads
from desktop_app.commands.train_report import TextReport
from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.datasets.corrections.store import CorrectionStore
from desktop_app.core.datasets.decision import relabel
from desktop_app.core.datasets.examine import doctor, picture_facts
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.records.result import Retry, TrainingResult
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation
from tests.commands.fake_fit import FIGURES, FINISHED


def run(*words):
    return main(["train", *map(str, words)])


def test_the_words_become_a_configuration(fit, pets):
    words = ["--epochs", "4", "--batch-size", "2", "--learning-rate", "0.01", "--seed", "7", "--name", "Mine"]
    words += ["--set", "flip=off", "--set", "dropout=0.5", "--validation-split", "0.3", "--tensorboard"]
    assert run(pets, "--recipe", "cats-dogs-cnn", *words) == 0
    values = fit.config.hyperparameters
    assert (values.epochs, values.batch_size, values.learning_rate, values.seed) == (4, 2, 0.01, 7)
    assert (values.flip, values.dropout) == (False, 0.5)
    assert values.shear == 0.2  # as the recipe says
    assert fit.make_executor is decoding_threads
    assert (fit.config.validation_split, fit.config.test_split) == (0.3, 0.1)
    assert (fit.config.name, fit.config.tensorboard) == ("Mine", True)
    assert fit.config.data == pets


def test_a_relative_folder_is_kept_absolute(fit, pets, monkeypatch):
    monkeypatch.chdir(pets.parent)
    assert run("pets", "--recipe", "mlp") == 0
    assert fit.config.data == pets


@pytest.mark.parametrize("applied", [True, False])
def test_corrections_are_applied_unless_they_are_not_wanted(fit, pets, capsys, applied):
    CorrectionStore(pets).change(pets, {pets / "cats/0.png": relabel("dogs")})
    words = [] if applied else ["--no-corrections"]
    assert run(pets, "--recipe", "mlp", *words) == 0
    assert fit.config.corrections is applied
    assert ("1 corrected" in capsys.readouterr().out) is applied


def test_any_name_is_made_one_that_can_be_written(fit, pets):
    odd = b" Mine\n\xff and\tyours ".decode("utf-8", "surrogateescape")
    assert run(pets, "--recipe", "mlp", "--name", odd) == 0
    assert fit.config.name == "Mine \N{REPLACEMENT CHARACTER} and yours"
    assert TrainingConfig.model_validate_json(fit.config.model_dump_json()) == fit.config


@pytest.mark.parametrize("name", ["gone", "gone.zip"])
def test_data_that_are_gone_are_named_with_what_to_do(fit, tmp_path, capsys, name):
    assert run(tmp_path / name, "--recipe", "mlp") == 2
    kind = "archive" if name.endswith("zip") else "folder"
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"The {kind} {tmp_path / name} is not there. Put it back")
    assert fit.config is None


def test_text_tells_each_epoch_and_how_to_go_on(fit, pets, capsys):
    assert run(pets, "--recipe", "mlp") == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert any(line.startswith("Epoch 1/3  loss 0.6100  accuracy 70.0%") for line in lines)
    assert "pets is trained." in lines
    figures = "accuracy 70.0% (likely between 39.7% and 89.2%); balanced accuracy 70.0%, macro F1 69.7%"
    assert f"On 10 test pictures: {figures}." in lines
    assert "  2 of 5 pictures of dogs mistaken for cats" in lines
    assert f"Run: {Path('/runs/r')}" in lines
    assert lines[-1] == "Use it: sightline classify PICTURE --model pets-mlp"
    assert "bad.jpg is skipped: " in output.err
    assert "list of problems" not in output.err  # which is in the window alone
    assert "One picture has vanished." in output.err


def test_a_terminal_shows_a_bar_and_a_pipe_none(fit, pets, capsys, monkeypatch):
    assert run(pets, "--recipe", "mlp") == 0
    assert "loss 0.700" not in capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert run(pets, "--recipe", "mlp") == 0
    output = capsys.readouterr()
    assert "1/2, loss 0.700, accuracy 50.0%, 800/s, 00:12 left" in output.err
    assert "loss 0.700" not in output.out


def test_json_lines_are_all_that_standard_output_gets(fit, pets, capsys):
    assert run(pets, "--recipe", "mlp", "--format", "jsonl") == 0
    lines = [json.loads(line, parse_constant=pytest.fail) for line in capsys.readouterr().out.splitlines()]
    events = [line["event"] for line in lines]
    assert events == ["examined", "started", "batch_ended", "epoch_ended", "warned", "finished"]
    assert lines[0]["classes"] == {"cats": 3, "dogs": 3}
    (problem,) = lines[0]["problems"]
    assert list(problem) == ["path", "reason", "advice"]
    assert problem["path"].endswith("bad.jpg")
    assert "not a picture" in problem["reason"]
    assert problem["advice"]
    assert lines[1]["folder"] == str(Path("/runs/r"))
    assert (lines[2]["loss"], lines[2]["accuracy"], lines[2]["step"]) == (0.7, 0.5, 1)
    figures = {"loss": 0.61, "accuracy": 0.7, "top_k": None, "val_accuracy": 0.5, "val_top_k": None}
    rest = {"epoch": 1, "val_loss": None, "learning_rate": 0.001, "seconds": 2.5}
    assert lines[3]["metrics"] == figures | rest
    assert list(lines[-1]["result"])[7:9] == ["message", "advice"]
    assert (lines[-1]["result"]["message"], lines[-1]["result"]["advice"]) == ("pets is trained.", "")
    evaluation = lines[-1]["result"]["evaluation"]
    assert (evaluation["accuracy"], evaluation["top_k"], evaluation["pictures"]) == (0.7, None, 10)
    assert evaluation["confusion"] == [[4, 1], [2, 3]]


def test_many_files_with_the_same_reason_are_one_line(fit, pets, capsys):
    for number in range(40):
        (pets / "dogs" / f"note {number}.jpg").write_bytes(b"not a picture")
    assert run(pets, "--recipe", "mlp") == 0
    (line,) = (line for line in capsys.readouterr().err.splitlines() if "skipped" in line)
    assert line.startswith("41 files are skipped, such as ")


def test_classes_that_are_never_found_are_named_behind_the_figures(fit, pets, capsys):
    confusion = Confusion.from_rows(((1, 0, 0), (0, 40, 0), (0, 8, 0)))
    figures = {"accuracy": 41 / 49, "balanced_accuracy": 0.6, "macro_f1": 0.6}
    rare = ClassificationEvaluation("classification", "test", 49, figures, 1, confusion, (), ("a", "b", "c"))
    fit.result = replace(FINISHED, evaluation=rare)
    assert run(pets, "--recipe", "mlp") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-7].startswith(
        "On 49 test pictures: balanced accuracy 66.7%, macro F1 63.6%; accuracy 83.7%"
    )
    assert lines[-6:-3] == [
        "It finds none of c (8 of 8 missed).",
        "Only 1 picture of a: the balanced accuracy is uncertain.",
        "Found: c 0 of 8, a 1 of 1, b 40 of 40.",
    ]
    assert lines[-3] == "  8 of 8 pictures of c mistaken for b"


def test_json_names_the_confused_classes_and_leaves_out_large_matrices(fit, pets, capsys):
    count = 101
    rows = np.diag(np.full(count, 3))
    rows[4, 9] = 2
    names = tuple(f"kind {number}" for number in range(count))
    figures = FIGURES | {"top_k": 1.0}
    many = ClassificationEvaluation(
        "classification", "test", 305, figures, 5, Confusion.from_rows(rows), (), names
    )
    fit.result = replace(FINISHED, evaluation=many)
    assert run(pets, "--recipe", "mlp", "--format", "jsonl") == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]["evaluation"]
    assert last["confusion"] is None
    assert last["confused"] == [{"truth": "kind 4", "answer": "kind 9", "count": 2, "of": 5}]
    assert (last["balanced_accuracy"], last["macro_f1"]) == (
        FIGURES["balanced_accuracy"],
        FIGURES["macro_f1"],
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["PETS"], "--recipe"),
        (["--recipe", "mlp"], "nothing to train on"),
        (["PETS", "--recipe", "nothing"], "cats-dogs-cnn"),
        (["PETS", "--recipe", "mlp", "--set", "epochs"], "KEY=VALUE"),
        (["PETS", "--recipe", "mlp", "--set", "nothing=1"], "batch_size"),
        (["PETS", "--recipe", "mlp", "--set", "fine_tune_epochs=3"], "fine_tune_epochs"),
        (["PETS", "--recipe", "mlp", "--epochs", "0"], "whole number from 1 to 10,000"),
        (
            ["PETS", "--recipe", "mlp", "--learning-rate", "fast"],
            "Learning rate must be from 1e-7 to 10, not 'fast'",
        ),
        (["GONE", "--recipe", "mlp"], "gone"),
        (["EMPTY", "--recipe", "mlp"], "empty"),
        (["PETS", "--recipe", "mlp", "--name", "x" * 1000], "1000 characters"),
        (["--resume", "nothing"], "nothing"),
        (["PETS", "--resume", "x"], "--resume RUN"),
    ],
)
def test_wrong_words_are_told_before_anything_is_trained(fit, pets, tmp_path, words, told, capsys):
    (tmp_path / "empty").mkdir()
    places = {"PETS": pets, "GONE": tmp_path / "gone", "EMPTY": tmp_path / "empty"}
    assert run(*(places.get(word, word) for word in words)) == 2
    output = capsys.readouterr()
    assert told in output.err
    assert output.out == ""
    assert fit.config is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--recipe", "vgg19-transfer"], "VGG19's weights need a one-time download"),
        (["--recipe", "mlp", "--validation-split", "0.6", "--test-split", "0.5"], "nothing to train on"),
    ],
)
def test_wishes_that_cannot_be_met_are_told_before_the_data_is_read(
    fit, pets, monkeypatch, words, told, capsys
):
    monkeypatch.setattr(doctor, "examine", pytest.fail)
    assert run(pets, *words) == 2
    assert told in capsys.readouterr().err
    assert RunStore.default().list() == ()


def test_parts_that_leave_nothing_to_train_on_are_wrong_usage(fit, pets, capsys):
    assert run(pets, "--recipe", "mlp", "--validation-split", "0.9") == 2
    assert "Validation 0.9 and test 0.1 leave nothing" in capsys.readouterr().err
    assert fit.config is None


def test_wishes_that_the_folders_overrule_are_told(fit, pets, capsys):
    (pets.parent / "all").mkdir()
    for part in ("train", "test"):
        shutil.copytree(pets, pets.parent / "all" / part)
    assert (
        run(pets.parent / "all", "--recipe", "mlp", "--validation-split", "0.8", "--test-split", "0.1") == 0
    )
    told = capsys.readouterr().err
    assert "--test-split is not used" in told
    assert "--validation-split is not used" not in told


def test_a_failure_is_status_one_and_says_what_to_try(fit, pets, capsys):
    fit.result = TrainingResult(
        "failed",
        "2026-05-04-mlp",
        "pets",
        None,
        0,
        None,
        None,
        Reason("There is not enough memory.", "Use smaller batches."),
        (Retry("Try again with batches of 16", {"batch_size": 16}),),
    )
    assert run(pets, "--recipe", "mlp") == 1
    told = capsys.readouterr().err
    assert "There is not enough memory. Use smaller batches." in told
    assert "--set batch_size=16" in told


def test_ctrl_c_once_keeps_what_was_learned(fit, pets, capfd):
    before = signal.getsignal(signal.SIGINT)
    fit.meanwhile = lambda: signal.raise_signal(signal.SIGINT)
    assert run(pets, "--recipe", "mlp") == 0
    assert "Press Ctrl+C again" in capfd.readouterr().err
    assert fit.token.stopping
    assert not fit.token.cancelled
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_twice_throws_the_run_away(fit, pets, capfd):
    def twice():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    fit.meanwhile = twice
    assert run(pets, "--recipe", "mlp") == 130
    output = capfd.readouterr()
    assert "Discarding the run" in output.err
    assert "Use it" not in output.out


def test_the_third_ctrl_c_ends_the_command_the_usual_way(fit, pets, capfd):
    def thrice():
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)

    fit.meanwhile = thrice
    assert run(pets, "--recipe", "mlp") == 130
    assert "Interrupted." in capfd.readouterr().err


def test_the_systems_request_to_end_leaves_a_run_to_resume(fit, pets, capfd):
    fit.meanwhile = lambda: signal.raise_signal(signal.SIGTERM)
    assert run(pets, "--recipe", "mlp") == TERMINATED == 143
    assert "sightline train --resume 2026-05-04-mlp" in capfd.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="needs the C library's raise")
@pytest.mark.parametrize(("presses", "status"), [(1, 0), (2, 130)])
def test_every_ctrl_c_counts_that_comes_within_one_long_call(fit, pets, presses, status):
    send = getattr(ctypes.CDLL(None), "raise")
    fit.meanwhile = lambda: list(map(send, [signal.SIGINT] * presses))  # one call, as far as Python sees
    assert run(pets, "--recipe", "mlp") == status
    assert fit.token.cancelled is (presses == 2)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_before_the_fit_ends_the_command_where_an_exception_would_be_swallowed(
    fit, pets, monkeypatch, capfd, number, status
):
    def sweep(_store):
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(number)

    monkeypatch.setattr(RunStore, "sweep", sweep)
    assert run(pets, "--recipe", "mlp") == status
    assert fit.config is None
    output = capfd.readouterr()
    assert "nothing has been trained yet" in output.err
    assert output.out == ""


def test_ctrl_c_ends_the_examination(fit, pets, monkeypatch):
    examined = []

    def examine_file(path, reading):
        examined.append(path)
        signal.raise_signal(signal.SIGINT)
        return picture_facts.examine_file(path, reading)

    monkeypatch.setattr(doctor, "examine_file", examine_file)
    assert run(pets, "--recipe", "mlp") == 130
    assert len(examined) == 1
    assert fit.config is None


def test_a_background_job_keeps_ignoring_ctrl_c(fit, pets):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        fit.meanwhile = lambda: signal.raise_signal(signal.SIGINT)
        assert run(pets, "--recipe", "mlp") == 0
        assert not fit.token.stopping
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_after_the_end_does_not_change_how_it_ended(fit, pets, monkeypatch):
    monkeypatch.setattr(TextReport, "close", lambda _report: signal.raise_signal(signal.SIGINT))
    assert run(pets, "--recipe", "mlp") == 0
    assert not fit.token.stopping


def test_stopped_before_there_was_anything_to_keep(fit, pets, capsys):
    fit.result = replace(FINISHED, status="stopped", model_id=None, evaluation=None)
    assert run(pets, "--recipe", "mlp") == 130
    assert "Run: " not in capsys.readouterr().out


def test_an_interrupted_run_is_resumed(fit, tmp_path, capsys):
    config = TrainingConfig(data=tmp_path, recipe="mlp", hyperparameters=default_hyperparameters())
    run_id = RunStore.default().create(config).run_id
    assert run("--resume", run_id) == 0
    assert fit.resumed == run_id
    assert fit.make_executor is decoding_threads
    assert "Epoch 1/3" in capsys.readouterr().out


def test_a_finished_run_cannot_be_resumed(fit, tmp_path, capsys):
    config = TrainingConfig(data=tmp_path, recipe="mlp", hyperparameters=default_hyperparameters())
    folder = RunStore.default().create(config)
    folder.write_record(folder.read_record().model_copy(update={"state": "finished"}))
    assert run("--resume", folder.run_id) == 2
    assert "cannot be resumed: finished" in capsys.readouterr().err


def test_a_reader_that_goes_away_does_not_end_the_fit(fit, pets, monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    ended = []
    fit.meanwhile = lambda: ended.append(True)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert run(pets, "--recipe", "mlp", "--format", "jsonl") == 0
    assert ended
