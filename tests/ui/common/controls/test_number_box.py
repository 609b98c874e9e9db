import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator

from desktop_app.ui.common.controls.number_box import NumberBox

ACCEPTABLE, INTERMEDIATE, INVALID = (
    QValidator.State.Acceptable,
    QValidator.State.Intermediate,
    QValidator.State.Invalid,
)


@pytest.fixture
def make(qtbot, light):
    def make(*arguments, **options):
        result = NumberBox("Number", *arguments, **options)
        qtbot.addWidget(result)
        result.show()
        return result

    return make


def typed(qtbot, box, text):
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    return box.value()


def test_whole_numbers_keep_their_unit(make, qtbot):
    box = make(8, 512, whole=True, unit="pixels")
    box.setValue(64)
    assert box.text() == "64 pixels"
    assert typed(qtbot, box, "96") == 96
    assert box.text() == "96 pixels"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("513", ACCEPTABLE),
        ("9999999999999", INVALID),
        ("-1", INVALID),
        ("9.5", INVALID),
        ("x", INVALID),
        ("nan", INVALID),
        ("", INTERMEDIATE),
        ("4", ACCEPTABLE),
        ("64", ACCEPTABLE),
        ("64 pixels", ACCEPTABLE),
    ],
)
def test_what_may_be_typed_for_a_whole_number(make, text, state):
    assert make(8, 512, whole=True, unit="pixels").validate(text, 0)[0] == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("11", ACCEPTABLE),
        ("11.5", ACCEPTABLE),
        ("1e13", INVALID),
        ("inf", INVALID),
        ("1e", INTERMEDIATE),
        ("1e-", INTERMEDIATE),
        ("0.", ACCEPTABLE),
        ("1e-9", ACCEPTABLE),
        ("1e-4", ACCEPTABLE),
        ("0,001", ACCEPTABLE),
    ],
)
def test_what_may_be_typed_for_a_rate(make, text, state):
    assert make(1e-7, 10.0, whole=False, logarithmic=True).validate(text, 0)[0] == state


@pytest.mark.parametrize(("text", "number", "shown"), [("4", 4, "4"), ("999999", 999_999, "999,999")])
def test_a_number_out_of_range_stays_as_it_was_typed(make, qtbot, text, number, shown):
    box = make(8, 512, whole=True, unit="pixels")
    box.setValue(64)
    assert typed(qtbot, box, text) == number
    assert box.text() == f"{shown} pixels"
    box.stepBy(1 if number < 8 else -1)
    assert 8 <= box.value() <= 512


def test_more_than_a_strict_box_allows_cannot_be_typed(make):
    assert make(0, 80, whole=True, unit="%", strict=True).validate("99", 0)[0] == INVALID


def test_the_tiniest_rate_is_kept_exactly(make, qtbot):
    box = make(1e-8, 0.1, whole=False, logarithmic=True)
    box.setValue(1e-8)
    assert box.value() == 1e-8
    assert box.text() == "1e-8"
    assert typed(qtbot, box, "3e-5") == 3e-5
    assert typed(qtbot, box, "3") == 3


def test_arrows_multiply_where_that_suits(make):
    batch = make(1, 4096, whole=True, logarithmic=True)
    batch.setValue(24)
    seen = []
    for step in (1, 1, -1, -1, -1):
        batch.stepBy(step)
        seen.append(batch.value())
    assert seen == [32, 64, 32, 16, 8]
    rate = make(1e-7, 10.0, whole=False, logarithmic=True)
    rate.setValue(0.001)
    seen = []
    for step in (1, 1, 1, -1, -4):
        rate.stepBy(step)
        seen.append(rate.value())
    assert seen == pytest.approx([0.002, 0.005, 0.01, 0.005, 0.0002])


def test_arrows_reach_nought_and_leave_it(make):
    decay = make(0.0, 1.0, whole=False, logarithmic=True)
    decay.setValue(1e-6)
    decay.stepBy(-1)
    assert decay.value() == 0
    decay.stepBy(1)
    assert decay.value() == pytest.approx(1e-6)


def test_arrows_stay_within_the_limits(make):
    batch = make(1, 4096, whole=True, logarithmic=True)
    batch.setValue(4096)
    batch.stepBy(1)
    assert batch.value() == 4096
    batch.setValue(1)
    batch.stepBy(-1)
    assert batch.value() == 1


@pytest.mark.parametrize(
    ("value", "text"), [(1e-5, "0.00001"), (0.001, "0.001"), (2.5e-7, "2.5e-7"), (3.0, "3")]
)
def test_rates_are_written_alike_however_small(make, value, text):
    box = make(1e-8, 10.0, whole=False, logarithmic=True)
    box.setValue(value)
    assert box.text() == text


def test_what_0_switches_off_says_so(make, qtbot):
    box = make(0, 1000, whole=True, unit="epochs", off_at_zero=True)
    assert box.text() == "off"
    qtbot.keyClicks(box, "12")
    assert (box.value(), box.text()) == (12, "12 epochs")
    assert typed(qtbot, box, "off") == 0
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.text() == "1 epochs"
    assert typed(qtbot, box, "0") == 0
    assert box.text() == "off"
    qtbot.keyClick(box, Qt.Key.Key_Backspace)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == "off"


@pytest.mark.parametrize(("text", "state"), [("of", INTERMEDIATE), ("off", ACCEPTABLE), ("5off", INVALID)])
def test_the_word_for_0_may_be_typed(make, text, state):
    assert make(0.0, 0.9, whole=False, off_at_zero=True).validate(text, 0)[0] == state
    if text == "off":
        assert make(0.0, 0.9, whole=False).validate(text, 0)[0] == INVALID


def test_the_wheel_does_not_take_the_keyboard(make):
    assert make(0, 9, whole=True).focusPolicy() == Qt.FocusPolicy.StrongFocus
