import pytest

from desktop_app.core.export.conversion.formats import EXPORT_FORMATS, EXPORT_PRECISIONS
from desktop_app.core.export.listening import ExportProgress
from desktop_app.ui.export import export_words as words
from desktop_app.workers.export.messages import ExportOffer
from tests.ui.fake_exports import MEASURED, proof, report


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_every_format_says_whom_it_is_for_and_how_large_it_becomes(form):
    assert words.format_name(form)
    assert words.format_sentence(form).startswith("For ")
    assert words.size_words(form, "float32", 3_400_000) == (
        "about 6.3 MB" if form == "web" else "about 3.4 MB"
    )
    assert words.size_words(form, "float32", 0) == ""


def test_a_smaller_precision_makes_a_smaller_file():
    sizes = [words.size_words("onnx", precision, 10_000_000) for precision in EXPORT_PRECISIONS]
    assert sizes == ["about 10.0 MB", "about 6.2 MB", "about 2.7 MB"]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        (0.0, "less than 0.0001 points"),
        (9e-7, "less than 0.0001 points"),
        (1.2e-6, "0.0001 points"),
        (0.0017, "0.2 points"),
        (0.017, "1.7 points"),
        (1.0, "100.0 points"),
    ],
)
def test_differences_are_points(apart, expected):
    assert words.points(apart) == expected


def test_the_proof_is_said_in_words():
    assert words.proof_sentence(proof(apart=1.2e-6)) == (
        "Opened again by OpenVINO 2026.4.1: 32 of 32 pictures alike, largest difference 0.0001 points."
    )
    assert "29 of 32 pictures alike" in words.proof_sentence(proof(same=29 / 32))


def test_amounts_have_no_first_class():
    sentence = words.proof_sentence(proof(apart=0.001), classifies=False)
    assert "alike" not in sentence
    assert "32 pictures compared, largest difference 0.1% of the largest number." in sentence


def test_int8_says_beforehand_what_its_loss_is_measured_on():
    offer = ExportOffer("x", frozenset(EXPORT_FORMATS), 1, MEASURED)
    assert words.precision_sentence("onnx", "int8", offer).endswith(MEASURED)
    assert "0.2 points" in words.precision_sentence("onnx", "float16", offer)
    assert "0.01 points" in words.precision_sentence("onnx", "float32", offer)


def test_the_figures_of_int8_stand_side_by_side():
    found = report("int8", accuracy=(0.925, 0.9), apart=0.017, same=31 / 32)
    assert words.figures(found) == (
        ("Right on 120 validation pictures", "92.5%", "90.0%"),
        ("Same first class", "32 pictures", "31 of 32"),
        ("Largest difference", "", "1.7 points"),
    )
    assert words.loss_sentence(found) == "It loses 2.5 points of accuracy on these pictures."
    assert "gains 1.0 points" in words.loss_sentence(report("int8", accuracy=(0.9, 0.91)))
    assert "loses no accuracy" in words.loss_sentence(report("int8", accuracy=(0.9, 0.9)))


def test_a_loss_that_is_not_measured_is_said():
    found = report("int8", note="The loss of accuracy is not measured: why.")
    assert words.loss_sentence(found) == "The loss of accuracy is not measured: why."
    assert len(words.figures(found)) == 2


def test_progress_counts_pictures():
    assert words.counted_words(ExportProgress("Asking…", 12, 1000)) == "12 of 1,000 pictures compared"
    assert words.counted_words(ExportProgress("Writing…")) == ""
    assert words.progress_words(None) == "Starting…"
