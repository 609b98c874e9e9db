from __future__ import annotations

import types

import numpy as np
import pytest

from desktop_app.core.health import openvino
from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.installation.versions import installed_version


def test_computes_and_reads_four_kinds_of_models(tmp_path):
    sentence = openvino.check_openvino(tmp_path / "folder")
    assert installed_version("openvino") in sentence
    assert "4 kinds of model files" in sentence


def test_a_missing_reader_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(openvino, "READERS", ("ir", "nobody's"))
    with pytest.raises(CheckFailed, match="nobody's") as caught:
        openvino.check_openvino(tmp_path / "folder")
    assert caught.value.advice == "Reinstall Sightline."


def test_a_wrong_result_is_no_success(tmp_path, monkeypatch):
    real = openvino.load_openvino()

    class Wrong(real.Core):
        def compile_model(self, *arguments):
            compiled = super().compile_model(*arguments)
            return lambda numbers: [compiled(numbers)[0] + np.float32(0.001)]

    names = ("opset13", "Model", "save_model", "frontend", "__version__")
    wrong = types.SimpleNamespace(Core=Wrong, **{name: getattr(real, name) for name in names})
    monkeypatch.setattr(openvino, "load_openvino", lambda: wrong)
    with pytest.raises(CheckFailed, match="computes wrongly"):
        openvino.check_openvino(tmp_path / "folder")
