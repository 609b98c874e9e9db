"""Putting a model, its labels, its README and its proof into one zip archive, whole or not at all."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

from desktop_app.core.export.readme import labels_text, readme_text, thresholds_text
from desktop_app.core.export.web_readme import web_readme_text
from desktop_app.core.export.writing_step import MODEL_FOLDER, WritingFacts
from desktop_app.core.foundation.files import leased, replacing
from desktop_app.core.foundation.storage import require_space, storage_errors
from desktop_app.core.library.download.checksums import pieces, sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.export.proof import ExportReport
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.card import ModelCard

LABELS_FILE, THRESHOLDS_FILE = "labels.txt", "thresholds.txt"
README_FILE, PROOF_FILE = "README.md", "proof.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of all members: the same model makes the same archive, where its format does."""
_OVERHEAD = 1024


def write_zip(
    path: Path,
    folder: Path,
    card: ModelCard,
    report: ExportReport,
    *,
    facts: WritingFacts,
    notes: Path,
    cancel: CancelToken,
) -> ExportReport:
    """Write the package.

    Args:
        path: File to create or replace.
        folder: What `write_step` filled.
        card: The model's card.
        report: What the proof found; the checksums are added to it.
        facts: What the step that filled it found out.
        notes: The app's own folder, in which a note makes the next start clear away after a kill.
        cancel: Token checked while copying.

    Returns:
        The report as it is in the package.

    Raises:
        StorageError: The disk is full (said beforehand) or refuses; the old file is untouched.
        Cancelled: The user cancelled.
    """
    source = folder / MODEL_FOLDER
    files = {
        each.relative_to(source).as_posix(): each for each in sorted(source.rglob("*")) if each.is_file()
    }
    size = sum(each.stat().st_size for each in files.values())
    readme = web_readme_text if report.format == "web" else readme_text
    texts = {README_FILE: readme(card, size, report, facts)}
    if card.classes:
        texts[LABELS_FILE] = labels_text(card)
    if card.task == "multi-label":
        texts[THRESHOLDS_FILE] = thresholds_text(card)
    sums = {name: sha256_of(each) for name, each in files.items()}
    sums |= {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    report = report.model_copy(update={"files": sums})
    texts[PROOF_FILE] = report.model_dump_json(indent=2) + "\n"
    needed = size + sum(len(text.encode()) for text in texts.values()) + _OVERHEAD * (len(files) + len(texts))
    require_space(path.parent, needed)
    # Weights do not get smaller; the description of a graph does.
    with (
        storage_errors(path, needed),
        leased(notes, path),
        replacing(path, "w+b", size=needed) as out,
        zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive,
    ):
        for name, text in texts.items():
            archive.writestr(_member(name), text.encode())
        for name, each in files.items():
            member = _member(name)
            member.file_size = each.stat().st_size
            with archive.open(member, "w") as target:
                for piece in pieces(each, cancel):
                    target.write(piece)
    return report


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.external_attr = 0o644 << 16  # else it would be unpacked for its owner alone
    if name.endswith(".js"):  # base64 takes a third more than what it stands for
        member.compress_type = zipfile.ZIP_DEFLATED
    return member
