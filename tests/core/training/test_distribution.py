from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.engine
def test_several_devices_train_and_resume_behind_the_same_call(tmp_path):
    # In a process of its own: TensorFlow's devices cannot be changed once they are used.
    command = [sys.executable, "-m", "tests.core.training._on_two_devices", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.stdout.splitlines()[-1:] == ["2 interrupted finished 2"], done.stderr[-3000:]
