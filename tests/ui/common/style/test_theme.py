from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from desktop_app.ui.common.style.theme import Theme
from desktop_app.ui.common.style.tokens import DARK, LIGHT, tokens_of

TEXT_ON_BACKGROUND = [
    (text, background)
    for text in ("text", "muted", "danger", "warning", "success", "accent")
    for background in ("window", "rail", "surface", "sunken")
] + [("on_accent", "accent"), ("on_accent", "accent_hover"), ("text", "tint"), ("muted", "tint")]
EDGES = [(edge, ground) for edge in ("outline", "accent") for ground in ("window", "surface")]


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [value / 255 for value in QColor(colour).getRgb()[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "background"), TEXT_ON_BACKGROUND)
def test_text_is_readable(tokens, text, background):
    assert contrast(getattr(tokens, text), getattr(tokens, background)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_are_seen(tokens, edge, ground):
    assert contrast(getattr(tokens, edge), getattr(tokens, ground)) >= 3


def test_the_known_extremes_of_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_a_forced_theme_dresses_the_application_and_tells(qtbot, qapp, light):
    with qtbot.waitSignal(light.changed):
        light.apply("dark")
    assert tokens_of(qapp.palette()) is DARK
    with qtbot.assertNotEmitted(light.changed):
        light.apply("dark")


@pytest.mark.parametrize(
    ("scheme", "tokens"),
    [(Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Unknown, LIGHT)],
)
def test_the_system_is_followed(qapp, monkeypatch, scheme, tokens):
    class Hints:
        colorSchemeChanged = SimpleNamespace(connect=lambda slot: None)

        def colorScheme(self):
            return scheme

        def setColorScheme(self, wanted):
            assert wanted == Qt.ColorScheme.Unknown

    monkeypatch.setattr(qapp, "styleHints", Hints)
    theme = Theme(qapp)
    theme.apply("system")
    assert theme.tokens is tokens
    assert tokens_of(qapp.palette()) is tokens


def test_a_change_of_the_system_counts_only_while_it_is_followed(qapp, light):
    light._on_scheme_changed()
    assert tokens_of(qapp.palette()) is LIGHT
