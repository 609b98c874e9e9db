"""What the window may offer to export a model as."""

from __future__ import annotations

import pytest

from desktop_app.core.export.conversion.formats import EXPORT_FORMATS
from desktop_app.core.library.store import Library
from desktop_app.workers.export.calls import offer
from tests.core.export.models import card


@pytest.fixture
def entry(tmp_path):
    weights = tmp_path / "weights"
    weights.write_bytes(b"weights")
    library = Library.default()
    library.add(card(), weights)
    return library.get("tiny")


def test_a_network_of_keras_goes_everywhere(entry):
    found = offer(Library.default(), None, "tiny")
    assert found.forms == set(EXPORT_FORMATS)
    assert found.problem is None


@pytest.mark.parametrize(
    ("architecture", "forms"), [("onnx", {"onnx", "openvino"}), ("tflite", {"openvino"})]
)
def test_one_of_another_program_goes_where_its_graph_can(architecture, forms, entry):
    library = Library.default()
    library.amend(entry, {"architecture": architecture}, None)
    found = offer(library, None, "tiny")
    assert found.forms == forms | {"sightline"}
    assert "alone" in found.problem.text
