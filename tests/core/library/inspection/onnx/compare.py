"""Networks of one operator, out of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.core.library.inspection.onnx.making import file_of, node

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.library.inspection.onnx.operator_table import Row


def write_row(row: Row, path: Path) -> Path:
    """Write a network of a row's operator, all of whose results are its outputs."""
    weights = {name: np.asarray(each) for name, each in row.more.items() if each is not None}
    nodes, source = [], "x"
    if row.shape is not None:
        weights["to"] = np.array(row.shape, np.int64)
        nodes.append(node("Reshape", ["x", "to"], ["in"]))
        source = "in"
    kind, _, after = row.kind.partition("+")
    positive = kind in {"Sqrt", "Log", "Reciprocal", "ReduceLogSum"}
    if positive:
        weights["two"] = np.float32(2)
        nodes.append(node("Add", [source, "two"], ["positive"]))
        source = "positive"
    inputs = [source, *("" if each is None else name for name, each in row.more.items())]
    results = [f"r{number}" for number in range(row.outputs)]
    nodes.append(node(kind, inputs, results, **row.attributes))
    if after == "Cast":
        nodes.append(node("Cast", ["r0"], ["c0"], to=1))
        results = ["c0"]
    elif after == "Where":
        weights["other"] = np.float32(0.25)
        nodes.append(node("Where", ["r0", source, "other"], ["c0"]))
        results = ["c0"]
    weights["row"] = np.array([1, -1], np.int64)
    rows = [f"{result}_row" for result in results]
    nodes += [node("Reshape", [result, "row"], [name]) for result, name in zip(results, rows, strict=True)]
    nodes.append(node("Concat", rows, ["y"], axis=1))
    return file_of(path, nodes, weights, opset=row.opset)
