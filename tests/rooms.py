"""The rooms of the package, and which of the others each may enter; `python -m tests.rooms` draws them.

A room is a folder. Imports point down this list, those for types too, so that there can be no circle.
"""

from __future__ import annotations

from tests.source_tree import imports, modules

EVERYWHERE = "core.foundation"
"""Every room may import it."""

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "": (
        "commands",
        "ui",
        "workers.application",
        "workers.threads",
        "core",
        "core.library",
        "core.images",
        "core.installation",
    ),
    "commands": (
        "core.health",
        "core.service",
        "core.batch.results",
        "core.batch.run",
        "core.batch.job",
        "core.training",
        "core.training.loop",
        "core.training.runs",
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.datasets.splits",
        "core.datasets.examine",
        "core.datasets",
        "core.classify",
        "core.library.exchange",
        "core.library.vgg19",
        "core.library",
        "core.library.download",
        "core.devices",
        "core.engine",
        "core.images",
        "core.installation",
    ),
    "ui": (
        "ui.classify",
        "ui.batch",
        "ui.batch.jobs",
        "ui.runs",
        "ui.library",
        "ui.service",
        "ui.training",
        "ui.dialogs",
        "ui.common",
        "ui.common.controls",
        "ui.common.style",
        "workers.application",
        "workers.batch",
        "workers.library",
        "workers.classify",
        "workers.service",
        "workers.training",
        "core.batch.run",
        "core.training.runs",
        "core.training.records",
        "core.classify",
        "core",
        "core.library",
        "core.images",
    ),
    "ui.classify": (
        "ui.classify.strip",
        "ui.library",
        "ui.common",
        "ui.common.dropping",
        "ui.common.controls",
        "ui.common.style",
        "workers.library",
        "workers.classify",
        "core.classify",
        "core.library.download",
        "core.images",
    ),
    "ui.classify.strip": ("ui.common.dropping", "ui.common.controls", "ui.common.style", "workers.classify"),
    "ui.batch": (
        "ui.batch.filing",
        "ui.batch.overview",
        "ui.batch.jobs",
        "ui.batch.table",
        "ui.common",
        "ui.common.dropping",
        "ui.common.controls",
        "workers.batch",
        "workers.library",
        "workers.classify",
        "core.batch.filing",
        "core.batch.results",
        "core.batch.run",
        "core.batch.job",
        "core.images",
    ),
    "ui.batch.filing": (
        "ui.batch.jobs",
        "ui.common",
        "ui.common.controls",
        "workers.batch",
        "core.batch.filing",
        "core.batch.job",
    ),
    "ui.batch.overview": (
        "ui.batch.jobs",
        "ui.charts",
        "ui.common",
        "ui.common.controls",
        "ui.common.style",
        "workers.batch",
        "core.batch.results",
        "core.batch.job",
        "core.training.records",
    ),
    "ui.batch.jobs": (
        "ui.common",
        "ui.common.dropping",
        "ui.common.controls",
        "ui.common.style",
        "workers.batch",
        "core.batch.filing",
        "core.batch.run",
        "core.batch.job",
    ),
    "ui.batch.table": (
        "ui.common",
        "ui.common.dropping",
        "ui.common.controls",
        "ui.common.style",
        "workers.batch",
        "workers.threads",
        "core.batch.filing",
        "core.batch.job",
    ),
    "ui.runs": (
        "ui.charts",
        "ui.common",
        "ui.common.controls",
        "ui.common.style",
        "workers.training",
        "core.training.runs",
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.library",
    ),
    "ui.library": ("ui.common", "ui.common.controls", "workers.library", "workers.classify", "core.library"),
    "ui.service": (
        "ui.common",
        "ui.common.controls",
        "ui.common.style",
        "workers.library",
        "workers.classify",
        "workers.service",
        "core.service",
    ),
    "ui.training": (
        "ui.training.model",
        "ui.training.result",
        "ui.training.run",
        "ui.training.data",
        "ui.common.dropping",
        "ui.common.controls",
        "ui.common.style",
        "workers.classify",
        "workers.training",
        "core.training.runs",
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.datasets",
        "core.images",
    ),
    "ui.training.model": (
        "ui.common",
        "ui.common.dropping",
        "ui.common.controls",
        "ui.common.style",
        "workers.classify",
        "workers.training",
        "core.training.outcome",
        "core.training.runs",
        "core.training.recipes",
        "core.training.settings",
        "core.datasets.pipeline",
        "core.datasets",
        "core.library",
        "core.library.download",
    ),
    "ui.training.result": (
        "ui.training.run",
        "ui.charts",
        "ui.common",
        "ui.common.controls",
        "ui.common.style",
        "workers.training",
        "core.training.records",
    ),
    "ui.training.run": (
        "ui.training.data",
        "ui.charts",
        "ui.common",
        "ui.common.controls",
        "ui.common.style",
        "workers.training",
        "core.training.records",
    ),
    "ui.training.data": (
        "ui.common",
        "ui.common.dropping",
        "ui.common.controls",
        "ui.common.style",
        "workers.training",
        "core.datasets.splits",
        "core.datasets",
    ),
    "ui.dialogs": (
        "ui.common",
        "ui.common.controls",
        "ui.common.style",
        "workers.application",
        "core",
        "core.installation",
    ),
    "ui.charts": ("ui.common", "ui.common.controls", "ui.common.style", "core.training.records"),
    "ui.common": (
        "ui.common.dropping",
        "ui.common.controls",
        "ui.common.style",
        "workers.classify",
        "workers.training",
        "workers.threads",
        "core.library",
        "core.library.download",
        "core.devices",
    ),
    "ui.common.dropping": ("ui.common.controls", "ui.common.style", "core.images"),
    "ui.common.controls": ("ui.common.style",),
    "ui.common.style": (),
    "workers": (),
    "workers.application": ("workers.threads", "core.devices", "core.images", "core.installation"),
    "workers.batch": (
        "workers.threads",
        "core.batch.filing",
        "core.batch.results",
        "core.batch.run",
        "core.batch.job",
        "core.classify",
        "core.library",
        "core.engine",
    ),
    "workers.library": (
        "workers.classify",
        "workers.threads",
        "core.classify",
        "core.library.exchange",
        "core.library.vgg19",
        "core.library",
        "core.library.download",
        "core.engine",
    ),
    "workers.classify": (
        "workers.threads",
        "core.classify",
        "core.library",
        "core.networks",
        "core.engine",
        "core.images",
    ),
    "workers.service": ("workers.threads", "core.service", "core.classify"),
    "workers.training": (
        "workers.threads",
        "core.training",
        "core.training.outcome",
        "core.training.loop",
        "core.training.runs",
        "core.training.records",
        "core.training.settings",
        "core.datasets.pipeline",
        "core.datasets.examine",
        "core.datasets",
        "core.library",
        "core.engine",
    ),
    "workers.threads": ("core.engine", "core.images", "core.installation"),
    "core.health": (
        "core.service",
        "core.batch.run",
        "core.batch.job",
        "core.training",
        "core.training.outcome",
        "core.training.loop",
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.classify",
        "core.library.vgg19",
        "core.library",
        "core.library.download",
        "core.images",
        "core.installation",
    ),
    "core.service": ("core.classify", "core.devices", "core.images"),
    "core.batch": (),
    "core.batch.filing": ("core.batch.job",),
    "core.batch.results": ("core.batch.job", "core.classify"),
    "core.batch.run": (
        "core.batch.job",
        "core.classify",
        "core.library",
        "core.networks",
        "core.devices",
        "core.images.decoding",
    ),
    "core.batch.job": ("core.classify", "core.library", "core.networks", "core.images"),
    "core.training": (
        "core.training.outcome",
        "core.training.loop",
        "core.training.runs",
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.datasets.pipeline",
        "core.datasets",
        "core.classify",
        "core.library",
        "core.networks",
        "core.engine",
    ),
    "core.training.outcome": (
        "core.training.loop",
        "core.training.runs",
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.datasets.pipeline",
        "core.classify",
        "core.library.vgg19",
        "core.library",
        "core.networks",
        "core.engine",
    ),
    "core.training.loop": (
        "core.training.runs",
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.datasets.pipeline",
        "core.datasets.splits",
        "core.datasets.examine",
        "core.datasets",
        "core.library",
        "core.networks",
    ),
    "core.training.runs": (
        "core.training.records",
        "core.training.recipes",
        "core.training.settings",
        "core.datasets.splits",
        "core.datasets.archives",
        "core.library",
        "core.installation",
    ),
    "core.training.records": ("core.training.recipes", "core.training.settings"),
    "core.training.recipes": (
        "core.training.settings",
        "core.datasets",
        "core.library.vgg19",
        "core.networks",
    ),
    "core.training.settings": ("core.datasets.pipeline", "core.library"),
    "core.datasets.pipeline": ("core.networks", "core.devices", "core.images.decoding"),
    "core.datasets.splits": ("core.datasets.examine", "core.datasets"),
    "core.datasets.examine": (
        "core.datasets.archives",
        "core.datasets",
        "core.images",
        "core.images.decoding",
        "core.installation",
    ),
    "core.datasets.archives": ("core.datasets",),
    "core.datasets": (),
    "core.classify": (
        "core.library.inspection.keras",
        "core.library.vgg19",
        "core.library",
        "core.library.download",
        "core.networks",
        "core.devices",
        "core.engine",
    ),
    "core.library.exchange": (
        "core.library.inspection.keras",
        "core.library.vgg19",
        "core.library.inspection.containers",
        "core.library",
        "core.library.download",
        "core.networks",
    ),
    "core.library.inspection": (),
    "core.library.inspection.keras": (
        "core.library.inspection.keras.rules",
        "core.library.inspection.keras.network",
        "core.library.inspection.containers",
        "core.networks",
        "core.engine",
    ),
    "core.library.inspection.keras.rules": (
        "core.library.inspection.keras.network",
        "core.library.inspection.containers",
        "core.networks",
    ),
    "core.library.inspection.keras.network": ("core.library.inspection.containers", "core.networks"),
    "core.library.vgg19": (
        "core.library.inspection.containers",
        "core.library",
        "core.library.download",
        "core.networks",
    ),
    "core.library.inspection.containers": (),
    "core": ("core.library", "core.networks"),
    "core.library": ("core.library.download", "core.networks"),
    "core.library.download": (),
    "core.networks": ("core.devices", "core.images.decoding"),
    "core.devices": ("core.engine", "core.installation"),
    "core.engine": (),
    "core.images": ("core.images.links", "core.images.decoding"),
    "core.images.links": ("core.images.decoding",),
    "core.images.decoding": (),
    "core.installation": (),
    "core.foundation": (),
}
"""Each room with what it imports; names are below `desktop_app`, whose own files are the room ''."""

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
