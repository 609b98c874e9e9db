from pathlib import Path

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers, GroupRule
from desktop_app.core.datasets.groups.questions import KEY, TORN, find_groups
from desktop_app.core.datasets.report import Example

DATA = Path("/data")
FOLDER = GroupRule(kind="folder")
COST = "The accuracy then says how well the model knows these groups, not new ones."


def examples(parts, patients=range(6), name="patient{0}/{1}.png"):
    """Patients with four pictures in each of two classes, in every subset that has them."""
    return [
        Example(DATA / (part or "") / kind / name.format(patient, number), label, part)
        for part, some in parts.items()
        for label, kind in enumerate(("a", "b"))
        for patient in (patients if some is None else some)
        for number in range(4)
    ]


def found(rows, answers=NO_ANSWERS):
    folders = sorted({example.path.parents[1] for example in rows})
    return find_groups(rows, folders, DATA, answers)


def test_groups_are_proposed_and_may_wait():
    rows = examples({None: None})
    (question,) = found(rows).questions
    assert question.key == KEY
    assert not question.required
    assert question.text == "Keep the pictures of one patient together?"
    assert question.reason == ("Folders below the classes hold several pictures each, such as patient0.")
    assert question.standing == f"The pictures of one patient may be in training and test. {COST}"
    together, none = question.choices
    assert (together.option, together.answers.groups) == ("--group folder:1", FOLDER)
    assert together.detail == "6 groups, 8 pictures each."
    assert together.pictures
    assert (none.option, none.answers.groups) == ("--group none", GroupRule())


def test_answers_about_other_things_stay():
    answers = Answers(classes_at=2, settled=("x",))
    (question,) = found(examples({None: None}), answers).questions
    assert all(choice.answers.changed(groups=None) == answers for choice in question.choices)


@pytest.mark.parametrize("answers", [Answers(groups=GroupRule()), Answers(settled=(KEY,))])
def test_what_was_decided_is_not_asked_again(answers):
    assert found(examples({None: None}), answers).questions == ()


def test_groups_that_the_folders_tear_apart_are_counted():
    rows = examples({"train": range(6), "test": range(2, 8)})
    (question,) = found(rows).questions
    assert question.standing == f"4 of 8 groups are in training and test. {COST}"
    anew, partly, none = question.choices
    assert (anew.option, anew.answers.groups) == (
        "--group folder:1 --new-split",
        GroupRule(kind="folder", redraw=True),
    )
    assert (partly.option, partly.answers.groups) == ("--group folder:1", FOLDER)
    assert none.text == "Use the folders' split as it is"


def test_folders_that_keep_groups_whole_ask_about_the_validation_pictures():
    rows = examples({"train": range(6), "test": range(6, 9)})
    (question,) = found(rows).questions
    assert question.standing == f"The pictures of one patient may be in training and validation. {COST}"
    assert [choice.option for choice in question.choices] == ["--group folder:1", "--group none"]


def test_bare_numbers_may_mean_something_else_in_each_folder():
    rows = examples({"train": None, "test": None}, name="{0:04}/{1}.png")
    (question,) = found(rows).questions
    assert question.standing.startswith("If the same number is the same thing in all folders, 6 of 6 groups")


def test_a_rule_that_leaves_groups_torn_asks_once_more_until_that_is_settled():
    rows = examples({"train": None, "validation": range(1), "test": range(2)})
    answers = Answers(groups=FOLDER)
    (question,) = found(rows, answers).questions
    assert question.key == TORN
    assert question.standing == f"2 of 6 groups are in training, validation and test. {COST}"
    anew, leave = question.choices
    assert anew.answers.groups == GroupRule(kind="folder", redraw=True)
    assert found(rows, leave.answers).questions == ()
    assert found(examples({None: None}), answers).questions == ()


def test_a_rule_that_does_not_fit_is_said():
    rows = examples({None: None})
    nothing = found(rows, Answers(groups=GroupRule(kind="name", pattern="subject\\d")))
    assert nothing.warnings == (
        "No pictures belong together by the rule for groups: they are split one by one.",
    )
    some = found([*rows, Example(DATA / "a/other.png", 0, None)], Answers(groups=FOLDER))
    assert some.warnings == ("1 of 49 pictures is in no group, and split one by one.",)
