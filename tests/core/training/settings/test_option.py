import pytest

from desktop_app.core.foundation.text import plain_number
from desktop_app.core.training.settings.option import OptionError
from desktop_app.core.training.settings.options import OPTIONS


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.1, "0.1"),
        (1 / 3, "0.333333"),
        (0.001, "0.001"),
        (1e-5, "0.00001"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (2.5e-8, "2.5e-8"),
        (20.0, "20"),
        (12.5, "12.5"),
    ],
)
def test_fractions_are_written_without_powers_of_ten_as_long_as_they_can_be_read(value, text):
    assert plain_number(value) == text
    assert float(text) == pytest.approx(value, rel=1e-5)


def test_a_refusal_names_the_value_as_the_form_shows_it():
    with pytest.raises(OptionError, match=r"Fine-tuning rate must be from 1e-8 to 0\.1, not 1e-9\."):
        OPTIONS["fine_tune_learning_rate"].check(1e-9)


def test_where_0_switches_off_the_range_says_so():
    assert OPTIONS["early_stopping"].allowed.endswith("; 0 is off")
    assert "off" not in OPTIONS["seed"].allowed
    for option in OPTIONS.values():
        assert not option.off_at_zero or option.minimum == 0, option.key
