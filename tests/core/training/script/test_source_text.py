"""Values and lines become source that reads well and means the same."""

from __future__ import annotations

import ast

import pytest

from desktop_app.core.training.script.source_text import LINE, listed, statement, text, value, wrapped


@pytest.mark.parametrize(
    ("found", "written"),
    [
        (1 / 255, "1 / 255"),
        (1 / 127.5, "1 / 127.5"),
        (0.001, "0.001"),
        (1e-07, "1e-7"),
        (True, "True"),
        (None, "None"),
        ((3,), "(3,)"),
        ((1, 2.5), "(1, 2.5)"),
        (["a", 1], '["a", 1]'),
    ],
)
def test_values(found, written):
    assert value(found) == written
    assert eval(written) == found


@pytest.mark.parametrize(
    "found",
    ["cats", 'the "best"', "it's", "both ' and \"", "a\\b", "line\nend", "Käse", "x\u202ey", "\udcff", "\0"],
)
def test_texts_mean_the_same_and_are_one_line(found):
    written = text(found)
    assert ast.literal_eval(written) == found
    assert "\n" not in written
    assert "\u202e" not in written


def test_long_statements_are_broken():
    names = [f"argument{number}" for number in range(8)]
    assert statement("x = f(", names[:2], ")") == ["x = f(argument0, argument1)"]
    assert statement("x = layers.Dense(", names, ")(x)", 1) == [
        "    x = layers.Dense(",
        f"        {', '.join(names)}",
        "    )(x)",
    ]
    lines = listed("CLASSES", [f"a rather long name {number}" for number in range(9)])
    assert len(lines) == 11
    assert len(ast.literal_eval("\n".join(lines).partition("=")[2].strip())) == 9


def test_sentences_are_wrapped():
    lines = wrapped("word " * 60, "- ", "  ")
    assert max(map(len, lines)) <= LINE
    assert [line[:2] for line in lines] == ["- "] + ["  "] * (len(lines) - 1)
    assert " ".join(line[2:] for line in lines).split() == ["word"] * 60
