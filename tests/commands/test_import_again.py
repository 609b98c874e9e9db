"""What an import asks ends in a command that can be copied as it stands."""

from __future__ import annotations

import os
import shlex

import pytest

from desktop_app.cli import main
from desktop_app.core.library.store import Library
from tests.tflite_file import Net


def unclear(path):
    """A network with nothing behind its last layer, and nothing before its first."""
    net = Net((1, 8, 8, 3))
    net.add("MEAN", [0, net.constant([1, 2], "int32")], (1, 3), options=("ReducerOptions", {}))
    return net.write(path)


@pytest.mark.engine
@pytest.mark.skipif(os.name == "nt", reason="shlex reads the words of other shells")
def test_each_question_is_answered_by_the_command_below_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    unclear(tmp_path / "my model.tflite")
    (tmp_path / "labels.txt").write_text("red\ngreen\nblue\n", encoding="utf-8")
    command = ["models", "import", "my model.tflite", "--crop-share", "0.5", "--name", "Mine; $HOME"]
    asked = []
    for _ in range(5):
        status = main(command)
        said = capsys.readouterr().err
        if status == 0:
            break
        last = shlex.split(said.rstrip().splitlines()[-1])
        assert last[0] == "sightline"
        asked += [word for word in last[1:] if word.startswith("--") and word not in command]
        command = last[1:]
    assert asked == ["--task", "--labels", "--pixels"]
    card = Library.default().get("mine-home").card
    assert (card.name, card.input.crop_share, card.task) == ("Mine; $HOME", 0.5, "classification")
    assert [entry.label for entry in card.classes] == ["red", "green", "blue"]
