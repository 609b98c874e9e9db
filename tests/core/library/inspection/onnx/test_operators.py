"""Every operator on the list, with the values of its attributes, answers as ONNX Runtime does."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.onnx.file.limits import FIRST_OPSET, LAST_OPSET
from desktop_app.core.library.inspection.onnx.operators.listing import OPERATORS
from desktop_app.core.library.inspection.onnx.summary import inspect_onnx
from tests.core.library.inspection.onnx.compare import write_rows
from tests.core.library.inspection.onnx.making import both
from tests.core.library.inspection.onnx.operator_table import REFUSED, ROWS

AT_ONCE = 40
"""Operators in one network: compiling one takes as long as compiling some tens."""


def batches():
    for opset, rows in groupby(sorted(ROWS, key=lambda row: row.opset), key=lambda row: row.opset):
        of_opset = list(rows)
        for start in range(0, len(of_opset), AT_ONCE):
            part = of_opset[start : start + AT_ONCE]
            yield pytest.param(part, id=f"opset{opset}-{part[0].kind}-{part[-1].kind}-{start}")


@pytest.mark.parametrize("rows", list(batches()))
def test_answers_are_those_of_onnx_runtime(tmp_path, rows):
    path, names = write_rows(rows, tmp_path / "rows.onnx")
    found, expected = both(path, tmp_path)
    assert found.shape == expected.shape
    assert np.isfinite(expected).all()
    scale = np.maximum(1, np.abs(expected))
    wrong = {names[column] for column in np.argwhere(np.abs(found - expected) > 1e-4 * scale)[:, 1]}
    assert not wrong


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.words[:80])
def test_what_engines_answer_differently_is_refused(tmp_path, row):
    path, _names = write_rows([row], tmp_path / "row.onnx")
    with pytest.raises(ModelError, match=rf"row\.onnx is refused: its operator {row.kind} .+"):
        inspect_onnx(path)


def test_every_operator_on_the_list_is_compared():
    shapes = {"Shape", "Size", "ConstantOfShape", "Range", "Mod", "Not", "And", "Or", "Xor", "Cast", "Where"}
    """These are compared within networks, in `test_networks.py`."""
    compared = {row.kind.partition("+")[0] for row in ROWS}
    assert OPERATORS.keys() - compared - shapes == set()
    assert {row.opset for row in ROWS} >= {FIRST_OPSET, LAST_OPSET}
