"""Which model is used at first."""

from __future__ import annotations

import pytest

from desktop_app.ui.desktop import start_model
from tests.ui.fakes import entry, missing_vgg19


@pytest.mark.parametrize(
    ("wanted", "chosen", "sentence"),
    [
        (None, None, ""),
        ("everyday", "everyday", ""),
        ("mine", "mine", ""),
        ("vgg19", None, "another model is used"),
        ("broken", None, "its weights are missing"),
        ("removed", None, "The model removed is no longer in the library"),
        ("\ud800\x1b", None, "The model \ufffd\ufffd is no longer in the library"),
    ],
)
def test_the_choice_of_the_last_time_is_followed_where_it_can_be(wanted, chosen, sentence):
    entries = [
        entry(),
        missing_vgg19(),
        entry("broken", "Broken", problem="its weights are missing"),
        entry("mine", "Mine"),
    ]
    model_id, problem = start_model(entries, wanted)
    assert model_id == chosen
    assert sentence in problem
    assert bool(problem) == bool(sentence)
