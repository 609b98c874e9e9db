from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.commands import model_options
from desktop_app.core.export.conversion.formats import (
    EXPORT_FORMATS,
    EXPORT_PRECISIONS,
    FORMATS,
    check_wish,
    size_estimate,
)
from desktop_app.core.foundation.errors import UsageError


def test_the_command_knows_the_same_names():
    assert model_options.EXPORT_FORMATS == EXPORT_FORMATS
    assert model_options.EXPORT_PRECISIONS == EXPORT_PRECISIONS


@pytest.mark.parametrize("form", FORMATS)
def test_a_package_is_named_as_the_archive_that_it_is(form):
    check_wish(form, "float32", Path("x.ZIP"))
    with pytest.raises(UsageError, match=r"x\.keras would be a zip archive") as raised:
        check_wish(form, "float32", Path("x.keras"))
    assert raised.value.advice == "Name it x.zip."


def test_a_sightline_model_is_not_named_as_another_program_s_file():
    check_wish("sightline", "float32", Path("x.sightline"))
    with pytest.raises(UsageError, match="cannot open by that name") as raised:
        check_wish("sightline", "float32", Path("x.keras"))
    assert "x.sightline" in raised.value.advice
    with pytest.raises(UsageError, match="as they are"):
        check_wish("sightline", "int8", Path("x.sightline"))


def test_a_precision_that_a_format_does_not_have_is_refused_with_those_that_do():
    with pytest.raises(UsageError, match="Keras keeps its weights as float32") as raised:
        check_wish("keras", "float16", Path("x.zip"))
    assert raised.value.advice == "Choose onnx, litert, openvino or web for float16."


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_a_smaller_precision_is_estimated_smaller(form):
    sizes = [size_estimate(form, precision, 1000) for precision in EXPORT_PRECISIONS]
    assert sizes[0] == 1000 + (2_900_000 if form == "web" else 0)
    assert sizes == sorted(sizes, reverse=True)
