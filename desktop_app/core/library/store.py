"""The library: built-in models and models of this user, each in its folder."""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import ModelError, StorageError, UnknownModel, UsageError
from desktop_app.core.foundation.files import replacing_folder, sweep_leftovers, write_whole
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.card_limits import CARD_FILE, FEATURES_FILE, MAX_CARD_BYTES
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.download.vgg19_weights import OFFICIAL, VGG19_ID, VGG19_NAME
from desktop_app.core.library.engine_files import ENGINE_FILES
from desktop_app.core.library.imagenet.published import BETTER, NETWORKS, SMALL
from desktop_app.core.library.installed_model import InstalledModel, TrashedModel
from desktop_app.core.library.label_thresholds import changed_thresholds
from desktop_app.core.networks.pixels import fits_channels, pixel_choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.imagenet.published import PublishedNetwork

__all__ = ["InstalledModel", "Library", "TrashedModel"]

EVERYDAY_ID = "everyday"
NOT_DOWNLOADED = "weights not downloaded yet"
_VGG19_TO_COME = InstalledModel(VGG19_ID, VGG19_NAME, None, None, problem=NOT_DOWNLOADED)
_STAMP = "%Y%m%dT%H%M%S.%fZ"


class Library:
    """Finds, adds and removes models; holds no state besides the folders."""

    def __init__(
        self,
        shipped: Path,
        installed: Path,
        trash: Path,
        downloads: Path | None = None,
        prepared: Path | None = None,
        *,
        engine_data: Path | None = None,
    ) -> None:
        """Use these folders.

        Args:
            shipped: Models that came with the app; only read.
            installed: The user's models; made when the first one comes.
            trash: Removed models, on the same disk as ``installed``.
            downloads: Unfinished downloads, best on the same disk too; beside ``installed`` by default.
            prepared: Folder for the ImageNet networks in the box that ``shipped`` lacks: each is made at its
                first use. None for a library without them.
            engine_data: What is made for OpenVINO of models whose own folders are only read, in a folder for
                each: `sweep` deletes those of models that are gone. None to leave it alone.
        """
        self.shipped = shipped
        self.installed = installed
        self.trash = trash
        self.downloads = downloads or installed.parent / "downloads"
        self.prepared = prepared
        self.engine_data = engine_data

    @classmethod
    def default(cls) -> Library:
        """The library of this installation and this user."""
        return cls(
            paths.shipped_models(),
            paths.library(),
            paths.trash(),
            paths.downloads(),
            paths.prepared_models(),
            engine_data=paths.engine_data(),
        )

    def entries(self) -> list[InstalledModel]:
        """List every model, broken ones with their problem: ImageNet's, Everyday, VGG19, then by name.

        A model of the user that has the id of a shipped one is not listed: the shipped one is used.
        """
        shipped, installed = _model_folders(self.shipped), _model_folders(self.installed)
        ids = {*shipped, *self._in_the_box(), *installed, VGG19_ID}
        entries = (self._look_for(model_id, shipped, installed) for model_id in ids)
        return sorted(filter(None, entries), key=_order)

    def find(self, model_id: str) -> InstalledModel | None:
        """Look at one model, as `entries` would list it; None when there is none with this id."""
        return self._look_for(model_id, _model_folders(self.shipped), _model_folders(self.installed))

    def get(self, model_id: str) -> InstalledModel:
        """Find a model.

        Raises:
            UnknownModel: There is none with this id; the known ids are named.
            StorageError: A network in the box that is used for the first time cannot be written.
        """
        entry = self.find(model_id)
        if entry is not None:
            return self._prepare(entry) if entry.to_prepare else entry
        known = ", ".join(entry.model_id for entry in self.entries())
        raise UnknownModel(f"There is no model '{model_id}'.", f"The models are: {known}.")

    def stamp(self, model_id: str) -> tuple[int, int] | None:
        """Tell one installation of a model from the next without reading it; None when it is not there."""
        for parent in filter(None, (self.shipped, self.prepared, self.installed)):
            with contextlib.suppress(OSError):
                status = (parent / model_id / CARD_FILE).stat()
                return (status.st_mtime_ns, status.st_ino)
        return None

    def add(
        self,
        card: ModelCard,
        weights: Path | Callable[[Path], None],
        *,
        bank: FeatureBank | None = None,
        size: int | None = None,
        before: Callable[[InstalledModel | None], None] = lambda _there: None,
    ) -> InstalledModel:
        """Install a model whole or not at all, in place of one with the same id.

        Args:
            card: Card of the model; its checksums are replaced by those of the stored files.
            weights: A file to copy, or a function that writes the file to the path it gets.
            bank: Features of the pictures that the model was trained on.
            size: Number of bytes that will be written, for the sentence when the disk is full.
            before: Function called when all is written, with the model that would be replaced, if any; what
                it raises leaves the library unchanged.

        Returns:
            The installed model.

        Raises:
            PlaceTaken: Another process took the id meanwhile.
            StorageError: It cannot be written; nothing changed.
            ModelError: The id is that of a shipped model, or the card is too long to be read again.
        """
        if card.id in _model_folders(self.shipped) | self._in_the_box():
            raise ModelError(f"'{card.id}' is a built-in model.", "Choose another name.")
        target = self.installed / card.id

        def look_before(there: bool) -> None:
            before(_look_at(target, shipped=False) if there else None)

        with replacing_folder(target, size=size, before=look_before) as folder:
            path = folder / card.weights_file
            if callable(weights):
                weights(path)
            else:
                shutil.copyfile(weights, path)
            if bank is not None:
                write_whole(folder / FEATURES_FILE, bank.data())
            facts = None if bank is None else bank.facts()
            write_whole(
                folder / CARD_FILE, _card_text(card.changed(weights_sha256=sha256_of(path), bank=facts))
            )
        return _look_at(target, shipped=False)

    def amend(self, model: InstalledModel, changes: Mapping[str, Any], bank: FeatureBank | None) -> None:
        """Change the card of a model of the user whose weights stay as they are.

        Args:
            model: The model as it was added.
            changes: Fields of its card.
            bank: Features of the pictures that it was trained on; None leaves those that it has.

        Raises:
            StorageError: It cannot be written; the card is as before.
            ModelError: The card would be too long to be read again.
        """
        assert model.card is not None
        assert model.folder is not None
        card = model.card.changed(**changes)
        if bank is not None:
            write_whole(model.folder / FEATURES_FILE, bank.data())
            card = card.changed(bank=bank.facts())
        write_whole(model.folder / CARD_FILE, _card_text(card))

    def _in_the_box(self) -> dict[str, PublishedNetwork]:
        return {} if self.prepared is None else {network.model_id: network for network in NETWORKS}

    def _look_for(
        self, model_id: str, shipped: Mapping[str, Path], installed: Mapping[str, Path]
    ) -> InstalledModel | None:
        """Look at a model in the folders of shipped and installed ones."""
        if model_id in shipped:
            return _look_at(shipped[model_id], shipped=True)
        network = self._in_the_box().get(model_id)
        if network is not None:
            return self._prepared_entry(network)
        if model_id in installed:
            return _look_at(installed[model_id], shipped=False)
        return _VGG19_TO_COME if model_id == VGG19_ID else None

    def _prepared_entry(self, network: PublishedNetwork) -> InstalledModel:
        """A network in the box that the folder of shipped models lacks, made already or not."""
        from desktop_app.core.library.built_in import is_current, pending

        assert self.prepared is not None
        folder = self.prepared / network.model_id
        return _look_at(folder, shipped=True) if is_current(network, folder) else pending(network)

    def _prepare(self, entry: InstalledModel) -> InstalledModel:
        from desktop_app.core.library.built_in import prepare

        assert self.prepared is not None
        return _look_at(prepare(self._in_the_box()[entry.model_id], self.prepared), shipped=True)

    def settable(self, model_id: str) -> InstalledModel:
        """Find a model from elsewhere, whose input can be changed.

        Raises:
            ModelError: There is no such model, it cannot be used, or it is one whose input is known.
        """
        entry = self.get(model_id)
        if entry.card is None or entry.folder is None or entry.problem:
            raise ModelError(f"{entry.name} cannot be changed: {entry.problem.rstrip('.')}.")
        if not entry.from_elsewhere:
            raise ModelError(
                f"{entry.name} does not come from elsewhere: its pixels are known.",
                "Pixels can be set for models from elsewhere.",
            )
        return entry

    def set_input(self, model_id: str, changes: Mapping[str, Any]) -> ModelCard:
        """Change how a model from elsewhere gets its pictures.

        Args:
            model_id: The model.
            changes: Fields of its `InputSpec`: ``preprocessing``, ``fit``, ``crop_share``, ``resample`` and
                ``grey``.

        Returns:
            The changed card.

        Raises:
            ModelError: There is no such model, or it is one whose input is known.
            UsageError: It cannot be given these.
            StorageError: The card cannot be written.
        """
        entry = self.settable(model_id)
        card = entry.card
        assert card is not None
        assert entry.folder is not None
        wanted = changes.get("preprocessing", card.input.preprocessing)
        if not fits_channels(wanted, card.input.channels):
            raise UsageError(
                f"{entry.name} takes {'grey' if card.input.channels == 1 else 'colour'} pictures, for which "
                f"there are no pixel values '{wanted}'.",
                f"Choose {', '.join(pixel_choices(card.input.channels))}, or a scale and an offset.",
            )
        if "grey" in changes and card.input.channels != 1:
            raise UsageError(f"{entry.name} takes colour pictures: there is nothing to make grey.")
        changed = card.changed(input=card.input.model_dump() | dict(changes), proofs=())  # of other answers
        write_whole(entry.folder / CARD_FILE, _card_text(changed))
        return changed

    def set_thresholds(self, model_id: str, changes: Mapping[str | None, float]) -> ModelCard:
        """Change from which probability on labels are right.

        Args:
            model_id: A model of the user that gives several labels at once.
            changes: The threshold (0..1) of labels, by their name or id; that under None is of all others.

        Returns:
            The changed card.

        Raises:
            ModelError: There is no such model, or it is built in.
            UsageError: It gives no labels, has none of a name, or a threshold is out of range.
            StorageError: The card cannot be written.
        """
        entry = self.get(model_id)
        card = entry.card
        if card is None or entry.folder is None or entry.problem or entry.shipped:
            why = "it is built in" if entry.shipped else entry.problem.rstrip(".")
            raise ModelError(f"{entry.name} cannot be changed: {why}.")
        changed = card.changed(thresholds=changed_thresholds(card, changes))
        write_whole(entry.folder / CARD_FILE, _card_text(changed))
        return changed

    def free_id(self, wanted: str) -> str:
        """Find an id that no model has: ``wanted`` itself, or with a number behind it."""
        taken = {entry.model_id for entry in self.entries()}
        number = 2
        candidate = wanted
        while candidate in taken or (self.installed / candidate).exists():
            candidate = f"{wanted}-{number}"
            number += 1
        return candidate

    def remove(self, model_id: str) -> TrashedModel:
        """Move a model of the user to the trash.

        Raises:
            ModelError: There is no such model, or it ships with the app.
            StorageError: The folder cannot be moved.
        """
        entry = self.get(model_id)
        if entry.shipped:
            raise ModelError(f"{entry.name} is built in and cannot be removed.")
        if entry.folder is None:
            raise ModelError(f"{entry.name} is not installed.")
        removed = datetime.now(UTC)
        target = self.trash / removed.strftime(_STAMP) / model_id
        with storage_errors(target):
            target.parent.mkdir(parents=True)
            entry.folder.rename(target)
        return TrashedModel(model_id, entry.name, target, removed)

    def delete(self, model_id: str) -> None:
        """Delete a model of the user for good.

        Raises:
            ModelError: There is no such model, or it ships with the app.
            StorageError: The folder cannot be deleted.
        """
        folder = self.remove(model_id).folder.parent
        with storage_errors(folder, verb="deleted"):
            shutil.rmtree(folder)

    def trashed(self) -> list[TrashedModel]:
        """Models in the trash, the last removed first."""
        found = []
        for stamp in _subfolders(self.trash):
            with contextlib.suppress(ValueError):
                removed = datetime.strptime(stamp.name, _STAMP).replace(tzinfo=UTC)
                found += [
                    TrashedModel(folder.name, _look_at(folder, shipped=False).name, folder, removed)
                    for folder in _subfolders(stamp)
                ]
        return sorted(found, key=lambda model: model.removed, reverse=True)

    def restore(self, trashed: TrashedModel) -> InstalledModel:
        """Restore a removed model.

        Raises:
            ModelError: Another model has its id by now, or it is gone from the trash.
            StorageError: The folder cannot be moved.
        """
        target = self.installed / trashed.model_id
        if target.exists():
            raise ModelError(
                f"{trashed.name} cannot be restored: there is another model '{trashed.model_id}' now.",
                "Remove that one first.",
            )
        if not trashed.folder.is_dir():
            raise ModelError(f"{trashed.name} is no longer in the trash.")
        with storage_errors(target):
            self.installed.mkdir(parents=True, exist_ok=True)
            trashed.folder.rename(target)
            trashed.folder.parent.rmdir()
        return _look_at(target, shipped=False)

    def empty_trash(self) -> None:
        """Delete removed models for good.

        Raises:
            StorageError: Something in the trash cannot be deleted.
        """
        for stamp in _subfolders(self.trash):
            with storage_errors(stamp, verb="deleted"):
                shutil.rmtree(stamp)

    def sweep(self) -> int:
        """Remove what a killed app left, also beside the library, where the settings are.

        To be called at every start.

        Returns:
            Number of leftovers handled.
        """
        swept = sum(map(sweep_leftovers, (self.installed.parent, self.installed, self.downloads)))
        for lock in self.downloads.glob("*.lock"):
            with contextlib.suppress(OSError), exclusive(lock) as free:  # whose end removes it
                swept += free
        swept += self._sweep_installed_download()
        for folder in _subfolders(self.installed):
            swept += sweep_leftovers(folder)
        swept += self._sweep_engine_data()
        for stamp in _subfolders(self.trash):
            with contextlib.suppress(OSError):  # not empty: a removed model that can be restored
                stamp.rmdir()
                swept += 1
        return swept

    def _sweep_engine_data(self) -> int:
        """Delete what was made for OpenVINO of models that are gone, and what killed writers left there."""
        folders = [] if self.engine_data is None else _subfolders(self.engine_data)
        if not folders:
            return 0
        swept = 0
        known = {entry.model_id for entry in self.entries()}
        for folder in folders:
            if folder.name in known:
                swept += sweep_leftovers(folder)
            else:
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
        return swept

    def _sweep_installed_download(self) -> int:
        """Remove a finished download that the app installed before it was killed."""
        path = self.downloads / OFFICIAL.name
        if not path.exists():
            return 0
        card = self.get(VGG19_ID).card
        with contextlib.suppress(OSError, StorageError):
            if card is not None and path.is_file() and sha256_of(path) == card.weights_sha256:
                path.unlink()
                return 1
        return 0


def _card_text(card: ModelCard) -> bytes:
    text = card.model_dump_json(indent=2).encode()
    if len(text) > MAX_CARD_BYTES:
        raise ModelError(
            f"The card of {card.name} has {readable_size(len(text))}, more than the "
            f"{readable_size(MAX_CARD_BYTES)} that a card may have.",
            "Use shorter class names.",
        )
    return text


def _subfolders(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return []


def _model_folders(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in _subfolders(folder) if not path.name.startswith(".")}


def _look_at(folder: Path, *, shipped: bool) -> InstalledModel:
    """Read a model folder; whatever is wrong with it becomes its problem."""
    # Its schema takes long to build, and the window, which needs the library's folders, appears before that.
    from desktop_app.core.library.card import read_card

    card = None
    problem = ""
    try:
        card = read_card(folder, in_place=not shipped)
        if card.id != folder.name:
            problem = f"its card is for the model '{card.id}'"
        elif not (folder / card.weights_file).is_file():
            problem = f"its file {card.weights_file} is missing"
        elif card.bank is not None and not (folder / FEATURES_FILE).is_file():
            problem = f"its file {FEATURES_FILE} is missing"
    except ModelError as error:
        problem = str(error)
    return InstalledModel(
        model_id=folder.name,
        name=card.name if card else folder.name,
        card=card,
        folder=folder,
        bytes=_bytes_in(folder),
        engine_bytes=_bytes_in(folder, engine=True),
        problem=problem,
        shipped=shipped,
    )


def _bytes_in(folder: Path, *, engine: bool = False) -> int:
    total = 0
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if (path.name in ENGINE_FILES) == engine:
                total += path.lstat().st_size
    return total


def _order(entry: InstalledModel) -> tuple[int, str, str]:
    first = {BETTER.model_id: 0, SMALL.model_id: 1, EVERYDAY_ID: 2, VGG19_ID: 3}
    return (first.get(entry.model_id, len(first)), entry.name.casefold(), entry.model_id)
