"""The code of a run comes with its notes, or as a reason; saving ends in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from desktop_app.workers.training.run_code import RunCode
from tests.core.training.script.made import begun
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.workers.inline_lane import InlineLane

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def test_a_script_is_shown_and_saved(qapp, tmp_path):
    runs, _library = stores_in(tmp_path)
    run_id = begun(runs, tiny_config(make_data(tmp_path / "data"))).record.run_id
    owner = QObject()
    code = RunCode(InlineLane(), runs, owner)
    written, failed, saved = [], [], []
    code.written.connect(lambda *found: written.append(found))
    code.failed.connect(lambda *found: failed.append(found))
    code.saved.connect(lambda *found: saved.append(found))
    code.write(run_id)
    ((shown, text, notes),) = written
    assert shown == run_id
    assert text.startswith('"""Trains the network')
    assert notes == ("The run is not finished; the script trains it from the start.",)
    code.save(run_id, tmp_path / "code")
    assert saved[-1] == (f"Saved the code in {tmp_path / 'code'}. Run it: python train.py", True)
    assert (tmp_path / "code" / "train.py").exists()
    code.save(run_id, tmp_path / "code")
    assert saved[-1][1] is False
    code.write("gone")
    ((shown, reason),) = failed
    assert shown == "gone"
    assert "There is no run 'gone'" in reason.text
