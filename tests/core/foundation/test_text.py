from __future__ import annotations

import pytest

from desktop_app.core.foundation.text import counted, percent


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 pictures"), (1, "1 picture"), (2, "2 pictures"), (12_000, "12,000 pictures")]
)
def test_what_is_counted_is_one_or_several(number, words):
    assert counted(number, "picture") == words


def test_nouns_may_have_a_plural_of_their_own():
    assert [counted(number, "class", "classes") for number in (1, 3)] == ["1 class", "3 classes"]


def test_parts_have_one_decimal():
    assert [percent(part) for part in (0.0, 0.7499, 1.0)] == ["0.0 %", "75.0 %", "100.0 %"]
