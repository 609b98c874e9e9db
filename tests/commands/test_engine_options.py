from __future__ import annotations

import pytest

from desktop_app.cli import build_parser, main
from desktop_app.commands import engine_options
from desktop_app.commands.engine_options import engine_choice
from desktop_app.core.inference.choice import AUTOMATIC, ENGINE_WISHES, PRECISION_WISHES, EngineChoice


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
