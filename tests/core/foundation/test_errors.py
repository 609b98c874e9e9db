"""What happened and what to do about it stay together, and become one sentence where they are shown."""

import pickle
from dataclasses import FrozenInstanceError

import pytest

from desktop_app.core.foundation.errors import Reason, SightlineError, UnreadableImage, UsageError


def test_a_reason_is_one_sentence_where_it_is_shown():
    assert Reason("It is empty.", "Copy it again.").sentence == "It is empty. Copy it again."


def test_without_advice_nothing_trails():
    assert Reason("It is empty.").advice == ""
    assert Reason("It is empty.").sentence == "It is empty."


def test_a_reason_is_a_value():
    reason = Reason("It is empty.", "Copy it again.")
    assert reason == Reason("It is empty.", "Copy it again.")
    assert len({reason, Reason("It is empty.", "Copy it again."), Reason("It is empty.")}) == 2
    with pytest.raises(FrozenInstanceError):
        reason.text = "It is full."


@pytest.mark.parametrize("kind", [SightlineError, UsageError, UnreadableImage])
def test_an_error_carries_its_reason(kind):
    error = kind("It is empty.", "Copy it again.")
    assert str(error) == "It is empty."
    assert error.advice == "Copy it again."
    assert error.reason == Reason("It is empty.", "Copy it again.")
    assert kind("It is empty.").reason == Reason("It is empty.")


def test_the_reason_survives_the_way_to_another_process():
    error = pickle.loads(pickle.dumps(UnreadableImage("It is empty.", "Copy it again.")))
    assert error.reason == Reason("It is empty.", "Copy it again.")


def test_a_defect_names_the_work_and_what_was_raised():
    assert Reason.of_defect("The export", ValueError("bad digit")) == Reason("The export failed: bad digit.")
    reason = Reason.of_defect("The job", KeyError("row"), "Resume it.")
    assert reason.sentence == "The job failed: 'row'. Resume it."
