"""Networks of operators out of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tests.core.library.inspection.onnx.making import file_of, node

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import onnx

    from tests.core.library.inspection.onnx.operator_table import Row

_POSITIVE = {"Sqrt", "Log", "Reciprocal", "ReduceLogSum"}


class _Writer:
    """Collects the nodes and weights of several operators on one input."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, Any] = {"row": np.array([1, -1], np.int64)}
        self.rows: list[str] = []

    def add(self, number: int, row: Row) -> None:
        """Add a row's operator; each of its results becomes a part of the outputs."""
        own = f"n{number}_"
        source = "x"
        if row.shape is not None:
            self.weights[f"{own}to"] = np.array(row.shape, np.int64)
            self.nodes.append(node("Reshape", ["x", f"{own}to"], [f"{own}in"]))
            source = f"{own}in"
        kind, _, after = row.kind.partition("+")
        if kind in _POSITIVE:
            self.weights[f"{own}two"] = np.float32(2)
            self.nodes.append(node("Add", [source, f"{own}two"], [f"{own}positive"]))
            source = f"{own}positive"
        for name, each in row.more.items():
            if each is not None:
                self.weights[own + name] = np.asarray(each)
        inputs = [source, *("" if each is None else own + name for name, each in row.more.items())]
        results = [f"{own}r{index}" for index in range(row.outputs)]
        self.nodes.append(node(kind, inputs, results, **row.attributes))
        if after == "Cast":
            self.nodes.append(node("Cast", results, [f"{own}c"], to=1))
        elif after == "Where":
            self.weights[f"{own}other"] = np.float32(0.25)
            self.nodes.append(node("Where", [*results, source, f"{own}other"], [f"{own}c"]))
        for result in [f"{own}c"] if after else results:
            self.nodes.append(node("Reshape", [result, "row"], [f"{result}_row"]))
            self.rows.append(f"{result}_row")


def write_rows(rows: Sequence[Row], path: Path) -> tuple[Path, list[str]]:
    """Write a network whose outputs are all results of the rows' operators, one after the other.

    Returns:
        The file, and for each output the words of its row.
    """
    writer = _Writer()
    names: list[str] = []
    for number, row in enumerate(rows):
        writer.add(number, row)
        names += [row.words] * row.outputs
    writer.nodes.append(node("Concat", writer.rows, ["y"], axis=1))
    file_of(path, writer.nodes, writer.weights, opset=rows[0].opset)
    return path, _Widths(path, writer.rows, names).words


class _Widths:
    """For each output the words of its row."""

    def __init__(self, path: Path, results: Sequence[str], names: Sequence[str]) -> None:
        from desktop_app.core.foundation.errors import ModelError
        from desktop_app.core.library.inspection.onnx.file.wire import Source
        from desktop_app.core.library.inspection.onnx.summary import check

        self.words: list[str] = []
        try:
            with path.open("rb") as file:
                values = check(Source(file)).traced.values
        except ModelError:
            return
        for result, name in zip(results, names, strict=True):
            self.words += [name] * values[result].count
