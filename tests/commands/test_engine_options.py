from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PIL import Image

from desktop_app.cli import build_parser, main
from desktop_app.commands import engine_options
from desktop_app.commands.engine_options import engine_choice
from desktop_app.core.inference.choice import AUTOMATIC, ENGINE_WISHES, PRECISION_WISHES, EngineChoice


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (30, 20), (250, 0, 0)).save(tmp_path / "red.png")
    return tmp_path / "red.png"


def test_the_words_are_those_of_core():
    assert (engine_options.ENGINES, engine_options.PRECISIONS) == (ENGINE_WISHES, PRECISION_WISHES)


@pytest.mark.parametrize("words", [("classify", "a.jpg"), ("serve",)])
def test_the_choice_is_automatic_unless_made(words):
    parser = build_parser()
    assert engine_choice(parser.parse_args(words)) == AUTOMATIC
    chosen = parser.parse_args([*words, "--engine", "openvino", "--precision", "float32"])
    assert engine_choice(chosen) == EngineChoice("openvino", "float32")


@pytest.mark.parametrize("words", [("classify", "a.jpg"), ("serve", "--port", "0")])
def test_what_does_not_go_together_is_wrong_usage(words, capsys):
    assert main([*words, "--engine", "tensorflow", "--precision", "bfloat16"]) == 2
    assert "--precision bfloat16 does not go with --engine tensorflow" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--engine", "--precision"])
def test_an_unknown_word_is_wrong_usage(option, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["classify", "a.jpg", option, "fast"])
    assert ended.value.code == 2
    assert "'fast' is not one of automatic, " in capsys.readouterr().err


def in_a_process(home, *words):
    """Run a command in a process of its own, which says at its end whether it imported TensorFlow."""
    program = (
        "import sys\n"
        "from desktop_app.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "print(status, *sorted({'tensorflow', 'keras', 'openvino_telemetry'} & {"
        "name for name, module in sys.modules.items() if module is not None}), file=sys.stderr)\n"
    )
    environment = os.environ | {"SIGHTLINE_HOME": str(home), "CUDA_VISIBLE_DEVICES": "-1"}
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
