"""Holds the list of rooms against the code, and draws it: `python -m tests.rooms`."""

from __future__ import annotations

from tests.room_list import EVERYWHERE, MAY_IMPORT
from tests.source_tree import imports, modules

BEGIN, END = "<!-- rooms: begin -->", "<!-- rooms: end -->"


def room_of(module: str) -> str:
    """Name the room that a module lies in, below `desktop_app`."""
    path = modules()[module]
    name = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return name.removeprefix("desktop_app").removeprefix(".")


def imported_rooms() -> dict[str, dict[str, str]]:
    """Map each room to the rooms that it imports from, each with one such import as a sentence."""
    known = modules()
    found: dict[str, dict[str, str]] = {room_of(module): {} for module in known}
    for line in imports():
        name = line.name
        if not line.is_from("desktop_app") or name in {"desktop_app", "desktop_app.__version__"}:
            continue
        while name not in known:
            name = name.rpartition(".")[0]
        importer, imported = room_of(line.importer), room_of(name)
        if importer != imported:
            found[importer].setdefault(imported, str(line))
    return found


def purpose(room: str) -> str:
    """Read what a room is for, from the first line of its package."""
    package = f"desktop_app.{room}" if room else "desktop_app"
    return modules()[package].read_text(encoding="utf-8").split('"""')[1].splitlines()[0]


def drawn() -> str:
    """Draw the list as Markdown, and the arrows between the larger rooms as a picture."""
    lines = ["```mermaid", "flowchart TD"]
    lines += [f"    {_node(source)} --> {_node(target)}" for source, target in sorted(_large_arrows())]
    lines += ["```", "", "| room | what it is for | imports |", "|---|---|---|"]
    for room, others in MAY_IMPORT.items():
        names = ", ".join(f"`{other}`" for other in others)
        lines.append(f"| `{room or 'desktop_app'}` | {purpose(room)} | {names} |")
    return "\n".join(lines)


def _large(room: str) -> str:
    parts = room.split(".")
    return ".".join(parts[:2]) if parts[0] == "core" else parts[0]


def _node(room: str) -> str:
    name = room or "desktop_app"
    return f'{name.replace(".", "_")}["{name}"]'


def _large_arrows() -> set[tuple[str, str]]:
    """List the arrows between the larger rooms, without those that a longer way implies."""
    direct: dict[str, set[str]] = {}
    for room, others in MAY_IMPORT.items():
        targets = {_large(other) for other in others} | {EVERYWHERE}
        direct.setdefault(_large(room), set()).update(targets - {_large(room)})
    direct[EVERYWHERE] = set()

    def reached(room: str) -> set[str]:
        return direct[room].union(*(reached(other) for other in direct[room]))

    return {
        (room, other)
        for room, others in direct.items()
        for other in others
        if not any(other in reached(between) for between in others - {other})
    }


if __name__ == "__main__":
    print(drawn())
