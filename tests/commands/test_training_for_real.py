"""From a folder of pictures to a prediction, in the terminal alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.core.training.runs.store import RunStore
from tests.core.training.several import make_labelled

pytestmark = pytest.mark.engine
WORDS = ["--recipe", "mlp", "--batch-size", "8", "--set", "input_size=8", "--set", "units=8"]


@pytest.fixture
def colours(tmp_path):
    """Sixty noisy pictures, red ones and blue ones, and a file that is not a picture."""
    folder = tmp_path / "colours"
    random = np.random.default_rng(0)
    for name, channel in (("red", 0), ("blue", 2)):
        (folder / name).mkdir(parents=True)
        for number in range(30):
            pixels = random.integers(0, 60, (10, 10, 3), np.uint8)
            pixels[..., channel] += 180
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    (folder / "red" / "bad.jpg").write_bytes(b"not a picture")
    return folder


def test_a_trained_model_answers(colours, capsys):
    words = [str(colours), *WORDS, "--epochs", "4", "--learning-rate", "0.01", "--name", "Colours"]
    assert main(["train", *words]) == 0
    output = capsys.readouterr()
    assert "bad.jpg" in output.err
    use = output.out.splitlines()[-1]
    assert use.startswith("Use it: sightline classify PICTURE --model ")
    model = use.rpartition(" ")[2]
    picture = str(colours / "blue" / "3.png")
    assert main(["classify", picture, "--model", model, "--format", "json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["predictions"][0]["label"] == "blue"
    (entry,) = RunStore.default().list()
    assert (entry.record.state, entry.record.model_id, len(entry.history)) == ("finished", model, 4)


@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes without a signal")
def test_the_systems_request_to_end_leaves_a_run_that_goes_on(colours, capsys):
    command = [sys.executable, "-m", "desktop_app", "train", str(colours), *WORDS]
    command += ["--epochs", "400", "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "epoch_ended":
                process.send_signal(signal.SIGTERM)
                break
        rest = [json.loads(line) for line in process.stdout]
        assert process.wait(60) == 143, process.stderr.read() if process.stderr else ""
    assert rest[-1]["event"] == "finished"
    assert rest[-1]["result"]["status"] == "interrupted"
    (entry,) = RunStore.default().list()
    done = len(entry.history)
    assert entry.resumable
    assert 1 <= done < 400

    command = [sys.executable, "-m", "desktop_app", "train", "--resume", entry.record.run_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Epoch"):
                process.send_signal(signal.SIGINT)
                break
        lines += process.stdout
        assert process.wait(60) == 0
    assert any(f"Resumes after epoch {done} of 400." in line for line in lines)
    assert lines[-1].startswith("Use it: ")
    (entry,) = RunStore.default().list()
    assert entry.record.state == "stopped"
    assert [epoch.epoch for epoch in entry.history] == list(range(1, len(entry.history) + 1))


def test_several_labels_from_a_table_to_an_answer(tmp_path, capsys):
    data = make_labelled(tmp_path / "scenes")
    words = [str(data), *WORDS, "--epochs", "3", "--learning-rate", "0.02", "--name", "Scenes"]
    assert main(["train", *words]) == 2
    asked = capsys.readouterr().err
    assert "several labels" in asked
    assert "--several-labels all" in asked
    answers = ["--several-labels", "all", "--without-label", "keep"]
    assert main(["train", *words, *answers, "--format", "jsonl"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    evaluation = events[-1]["result"]["evaluation"]
    assert evaluation["task"] == "multi-label"
    assert {"mean_ap", "macro_f1", "micro_f1", "exact_match"} <= set(evaluation)
    assert [entry["name"] for entry in evaluation["labels"]] == ["blue", "green", "red"]
    assert {"precision", "recall", "f1", "average_precision", "threshold"} <= set(evaluation["labels"][0])
    assert "hits" not in evaluation["labels"][0]
    (entry,) = RunStore.default().list()
    assert main(["runs", "show", entry.record.run_id]) == 0
    shown = capsys.readouterr().out
    assert "labels    3: blue, green, red" in shown
    assert "precision" in shown
    assert (
        main(["classify", str(data / "007.png"), "--model", entry.record.model_id, "--format", "json"]) == 0
    )
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["task"] == "multi-label"
    assert main(["code", entry.record.run_id]) != 0
    assert "learns several labels at once" in capsys.readouterr().err
    assert main(["labels", str(data)]) == 2
    assert "one class, not several labels" in capsys.readouterr().err
