"""Reads the package's source without importing it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "desktop_app"


@dataclass(frozen=True)
class Import:
    """One imported module or name.

    Attributes:
        importer: Dotted name of the importing module.
        name: Dotted name of what is imported: `a.b.c` for both `import a.b.c` and `from a.b import c`.
        line: Line in the importer.
        at_start: Whether it happens when the importer is imported: outside of functions and of
            `if TYPE_CHECKING`.
        for_types: Whether it is inside of `if TYPE_CHECKING`.
    """

    importer: str
    name: str
    line: int
    at_start: bool
    for_types: bool

    def __str__(self) -> str:
        return f"{self.importer}, line {self.line}: {self.name}"

    def is_from(self, *packages: str) -> bool:
        """Whether the name is one of the packages or inside one."""
        return any(is_inside(self.name, package) for package in packages)


def is_inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@cache
def modules() -> dict[str, Path]:
    """Map the dotted name of every module of the package to its file."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports() -> tuple[Import, ...]:
    """List every import of the package."""
    return tuple(
        found
        for module, path in modules().items()
        for found in _imports(module, ast.parse(path.read_text(encoding="utf-8")), True, False)
    )


def _imports(module: str, node: ast.AST, at_start: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(module, alias.name, child.lineno, at_start, for_types)
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                yield Import(module, f"{child.module}.{alias.name}", child.lineno, at_start, for_types)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for statement in child.body:
                yield from _imports(module, ast.Module([statement], []), False, True)
            for statement in child.orelse:
                yield from _imports(module, ast.Module([statement], []), at_start, for_types)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(module, child, at_start and not inside, for_types)


def attributes() -> Iterator[tuple[str, int, str]]:
    """Yield module, line and text of every dotted expression, such as `threading.Thread`."""
    for module, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                yield module, node.lineno, ast.unparse(node)


def joined_advice(module: str) -> dict[int, str]:
    """Find where a module joins a text and its advice by hand: lines and expressions."""
    return advice_joined_in(ast.parse(modules()[module].read_text(encoding="utf-8")))


def advice_joined_in(tree: ast.AST) -> dict[int, str]:
    return {
        node.lineno: ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.BinOp | ast.Call) and _joins_advice(node)
    }


def _joins_advice(node: ast.JoinedStr | ast.BinOp | ast.Call) -> bool:
    if isinstance(node, ast.JoinedStr):
        parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue | ast.Constant)]
        return any(
            before == " " and isinstance(part, ast.AST) and _is_advice(part)
            for before, part in pairwise(parts)
        )
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and _is_advice(node.right)
    called = ast.unparse(node.func)
    if called == "' '.join":
        return any(_is_advice(part) for argument in node.args for part in ast.iter_child_nodes(argument))
    return bool(node.args) and "%s %s" in ast.unparse(node.args[0]) and any(map(_is_advice, node.args))


def _is_advice(node: ast.AST) -> bool:
    return ast.unparse(node).rpartition(".")[2].lstrip("_") == "advice"
