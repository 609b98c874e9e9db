"""The options of the command line that say how a data set is read."""

from __future__ import annotations

import argparse

import pytest

from desktop_app.commands.data_options import add_data_options, answers_of, data_options
from desktop_app.core.datasets.answers import NO_ANSWERS, Answers, GroupRule
from desktop_app.core.datasets.corrections.answer_store import AnswerStore
from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.images.decoding.reading import PixelReading


def parsed(data, *words):
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    add_data_options(parser)
    return parser.parse_args([str(data), *words])


def test_without_options_nothing_is_decided_or_written(tmp_path):
    options = parsed(tmp_path)
    assert answers_of(options, tmp_path) == NO_ANSWERS
    assert not any(data_options(options))
    assert not AnswerStore(tmp_path).path.exists()


def test_all_options_are_understood_and_remembered(tmp_path):
    (tmp_path / "labels.csv").write_text("a,b\n")
    words = (
        *("--classes-at", "2", "--folder", "seg_pred=ignore", "--folder", "x/y=train"),
        *("--label-file", "labels.csv", "--masks", "skip", "--group", "name:^(p\\d+)_"),
        *("--several-labels", "all", "--without-label", "keep"),
        *("--plane", "middle", "--levels", "0:4095", "--bands", "4,3,2", "--thin", "crop"),
    )
    expected = Answers(
        classes_at=2,
        folders={"seg_pred": "ignore", "x/y": "train"},
        labels="labels.csv",
        masks=False,
        several="all",
        without_labels="keep",
        groups=GroupRule(kind="name", pattern="^(p\\d+)_"),
        pixels=PixelReading(black=0, white=4095, plane="middle", bands=(3, 2, 1), thin="crop"),
    )
    assert answers_of(parsed(tmp_path, *words), tmp_path) == expected
    assert answers_of(parsed(tmp_path), tmp_path) == expected
    assert answers_of(parsed(tmp_path, "--plane", "mean"), tmp_path).pixels.black == 0
    assert answers_of(parsed(tmp_path, "--ask-again"), tmp_path) == NO_ANSWERS
    assert answers_of(parsed(tmp_path), tmp_path) == NO_ANSWERS


def test_pictures_without_a_label_matter_only_where_there_may_be_several(tmp_path):
    for words in (("--without-label", "keep"), ("--without-label", "keep", "--several-labels", "first")):
        with pytest.raises(UsageError, match="may have several labels"):
            answers_of(parsed(tmp_path, *words), tmp_path)
    assert answers_of(parsed(tmp_path, "--several-labels", "all"), tmp_path).several == "all"
    assert answers_of(parsed(tmp_path, "--without-label", "skip"), tmp_path).without_labels == "skip"


def test_each_picture_may_have_levels_of_its_own(tmp_path):
    levels = ("--levels", "0:4095")
    assert answers_of(parsed(tmp_path, *levels), tmp_path).pixels.white == 4095
    assert answers_of(parsed(tmp_path, "--levels", "each"), tmp_path) == Answers(settled=("levels",))
    assert answers_of(parsed(tmp_path, *levels), tmp_path) == Answers(
        pixels=PixelReading(black=0, white=4095)
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("none", GroupRule()),
        ("folder", GroupRule(kind="folder")),
        ("folder:2", GroupRule(kind="folder", level=2)),
        ("above", GroupRule(kind="above")),
        ("time:2.5", GroupRule(kind="time", seconds=2.5)),
        ("column:patient_id", GroupRule(kind="column", column="patient_id")),
    ],
)
def test_rules_for_groups(tmp_path, rule, expected):
    assert answers_of(parsed(tmp_path, "--group", rule), tmp_path).groups == expected


@pytest.mark.parametrize(
    "words",
    [
        ("--classes-at", "0"),
        ("--folder", "a"),
        ("--folder", "a=classes"),
        ("--group", "patient"),
        ("--group", "time:soon"),
        ("--group", "name:("),
        ("--levels", "0-9"),
        ("--bands", "1,2"),
        ("--bands", "0,1,2"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_an_example(tmp_path, words):
    with pytest.raises(UsageError) as caught:
        answers_of(parsed(tmp_path, *words), tmp_path)
    assert words[1] in str(caught.value)


def test_the_folders_split_is_set_aside_with_or_without_another_rule(tmp_path):
    rule = GroupRule(kind="folder", redraw=True)
    assert answers_of(parsed(tmp_path, "--group", "folder", "--new-split"), tmp_path).groups == rule
    assert answers_of(parsed(tmp_path, "--group", "folder"), tmp_path).groups == GroupRule(kind="folder")
    assert answers_of(parsed(tmp_path, "--new-split"), tmp_path).groups == rule
    assert answers_of(parsed(tmp_path, "--group", "none"), tmp_path).groups == GroupRule()
