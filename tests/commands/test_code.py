"""The code of a run, in the terminal."""

from __future__ import annotations

import json

import pytest

from desktop_app.cli import main
from desktop_app.core.training.runs.store import RunStore
from tests.core.training.script.made import begun
from tests.core.training.tiny import make_data, tiny_config

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture
def run(tmp_path):
    return begun(RunStore.default(), tiny_config(make_data(tmp_path / "data"), name="Pets"))


def test_the_script_alone_is_printed(run, capsys):
    assert main(["code", run.record.run_id]) == 0
    output = capsys.readouterr()
    compile(output.out, "train.py", "exec")
    assert output.out.startswith(f'"""Trains the network of the run {run.record.run_id} ("Pets")')
    assert "The run is not finished" in output.err
    assert output.err.endswith("To run it: save it as train.py, then python train.py\n")


def test_a_folder_is_written_and_said_how_to_run(run, tmp_path, capsys):
    folder = tmp_path / "code"
    assert main(["code", run.record.run_id, "--output", str(folder)]) == 0
    output = capsys.readouterr().out
    assert output.splitlines()[-1] == f"Run it: python {folder / 'train.py'}"
    compile((folder / "train.py").read_text(encoding="utf-8"), "train.py", "exec")
    assert main(["code", run.record.run_id, "--output", str(folder)]) == 2
    assert "Choose a folder that does not exist yet." in capsys.readouterr().err


def test_a_wrong_id_is_answered_with_what_there_is(run, capsys):
    assert main(["code", "nothing"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert f"The runs are: {run.record.run_id}." in output.err
    assert main(["code", "imagenet-better"]) == 2
    assert "was not trained here" in capsys.readouterr().err


def test_a_run_that_has_no_code_says_why(run, capsys):
    (run.folder / "split.csv").unlink()
    assert main(["code", run.record.run_id]) == 1
    assert "ended before its pictures were split" in capsys.readouterr().err
    record = json.loads((run.folder / "run.json").read_text())
    record["config"]["recipe"] = "gone"
    (run.folder / "run.json").write_text(json.dumps(record))
    assert main(["code", run.record.run_id]) == 1
    assert "There is no recipe 'gone'." in capsys.readouterr().err
