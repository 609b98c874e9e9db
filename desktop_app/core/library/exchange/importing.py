"""Importing models from elsewhere: a plain ``.keras`` file, or a Sightline model with its card."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from desktop_app.core.foundation.errors import ModelError, UsageError
from desktop_app.core.foundation.files import PlaceTaken
from desktop_app.core.foundation.migration import NewerVersion
from desktop_app.core.foundation.storage import require_space
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.card import CARD, MAX_BANK_BYTES, UNKNOWN_SHA256, ModelCard
from desktop_app.core.library.card_limits import CARD_FILE, FEATURES_FILE, MAX_CARD_BYTES, MAX_NAME
from desktop_app.core.library.download.checksums import copy_and_sum, md5_of_pieces
from desktop_app.core.library.download.vgg19_weights import OFFICIAL, VGG19_ID
from desktop_app.core.library.exchange.exporting import KERAS_FILE, MEMBERS, package_member
from desktop_app.core.library.exchange.renaming import give_usable_names
from desktop_app.core.library.feature_bank import DamagedBank, bank_from, feature_layer
from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.inspection.containers.archive import KERAS_MEMBERS, Archive, open_archive
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.layout import check_weights
from desktop_app.core.library.inspection.containers.limits import MAX_ARCHIVE_BYTES
from desktop_app.core.library.inspection.containers.refusal import naming_the_file, refuse
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.labels import check_names, class_labels, read_labels
from desktop_app.core.library.pixel_choices import BY_SCALING, Clue, family_clue, ranked
from desktop_app.core.library.vgg19.layout import INPUT_SIZE, check_layout
from desktop_app.core.networks.efficientnet_lite import VARIANTS, layer_shapes
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.pixels import pixel_choices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import keras

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.inspection.keras.summary import NetworkSummary
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.store import Library
    from desktop_app.core.networks.input_spec import Preprocessing

__all__ = ["LabelsNeeded", "PixelsNeeded", "import_model", "read_labels"]

_PACKAGES = [{CARD_FILE: MAX_CARD_BYTES, member: MAX_ARCHIVE_BYTES} for member in MEMBERS.values()]
_WITH_BANK = {CARD_FILE: MAX_CARD_BYTES, KERAS_FILE: MAX_ARCHIVE_BYTES, FEATURES_FILE: MAX_BANK_BYTES}


class LabelsNeeded(ModelError):
    """A model is fine but does not name its classes.

    Attributes:
        path: The model file.
        outputs: Number of names that are needed.
    """

    def __init__(self, path: Path, outputs: int) -> None:
        super().__init__(
            f"{printable(path.name)} does not say what its {outputs} classes are called.",
            "Give the names, one a line, in the order of the model's outputs.",
        )
        self.path = path
        self.outputs = outputs


class PixelsNeeded(ModelError, UsageError):
    """A model is fine, but does not say which pixel values it was trained on.

    Attributes:
        path: The model file.
        card: The card that it gets, but for the pixel values.
        clues: What speaks for some of them.
        choices: The values to choose from, the likeliest first.
    """

    def __init__(self, path: Path, card: ModelCard, clues: Sequence[Clue]) -> None:
        super().__init__(
            f"{printable(path.name)} does not say which pixel values it was trained on, and with other ones "
            "its answers are wrong.",
            "Choose them.",
        )
        self.path = path
        self.card = card
        self.clues = tuple(clues)
        self.choices = ranked(card.input.channels, clues)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """The user's options for the model to be imported; the name is clean."""

    name: str | None
    labels: Sequence[str] | None
    preprocessing: Preprocessing | None


@dataclass(frozen=True, slots=True)
class _Trial:
    """The test that a network must pass before its model appears."""

    load: Callable[[Path], keras.Model]
    check: Callable[[ModelCard, keras.Model], None] | None

    def run(self, card: ModelCard, path: Path) -> None:
        network = self.load(path)
        if card.bank is not None:
            _check_feature_layer(card.bank.width, network)
        if self.check is not None:
            self.check(card, network)


def import_model(
    library: Library,
    path: Path,
    *,
    name: str | None = None,
    labels: Sequence[str] | None = None,
    preprocessing: Preprocessing | None = None,
    load: Callable[[Path], keras.Model] = load_checked_model,
    check: Callable[[ModelCard, keras.Model], None] | None = None,
    cancel: CancelToken,
) -> ModelCard:
    """Check a model file from elsewhere and install a copy of it.

    The file is inspected before anything in it is loaded. The copy in the library is inspected again
    and loaded once; only then does the model appear.

    Args:
        library: Library to import into.
        path: A ``.keras`` file, or a file that `Library.export` wrote.
        name: Readable name; by default the card's or the file's.
        labels: Names of the classes in order; by default the card's.
        preprocessing: Preprocessing for a plain ``.keras`` file. Without it, a network that scales pixels
            itself gets them as they are.
        load: Function that loads the checked copy, to see whether it can be loaded.
        check: Function of the card and the loaded network that raises a `ModelError` when they do not work,
            for instance `desktop_app.core.classify.loader.check_answers`; the library cannot know by itself.
        cancel: Token checked while copying.

    Returns:
        The installed model's card.

    Raises:
        LabelsNeeded: It is a plain ``.keras`` file, and no labels were given.
        PixelsNeeded: It is one that does not tell its preprocessing, and none was given.
        ModelError: It is refused; the sentence says why.
        UsageError: The name is refused.
        StorageError: It cannot be read, or the disk is too full or refuses.
        Cancelled: The user cancelled.
    """
    wishes = _Wishes(None if name is None else _clean_name(name), labels, preprocessing)
    trial = _Trial(load, check)
    with naming_the_file(path):
        with open_archive(path, KERAS_MEMBERS, *_PACKAGES, _WITH_BANK) as archive:
            if CARD_FILE in archive.names:
                return _import_package(library, archive, wishes, trial, cancel)
        return _import_plain(library, path, wishes, trial, cancel)


def _import_plain(
    library: Library, path: Path, wishes: _Wishes, trial: _Trial, cancel: CancelToken
) -> ModelCard:
    from desktop_app.core.library.download.checksums import pieces

    summary = inspect_archive(path)
    if wishes.labels is None:
        raise LabelsNeeded(path, max(2, summary.outputs))
    check_names(wishes.labels, summary.outputs, printable(path.name))
    name = wishes.name or _one_line(path.stem)[:100].strip() or "Model"
    channels: Literal[1, 3] = 3 if summary.channels == 3 else 1
    if wishes.preprocessing is not None and wishes.preprocessing not in pixel_choices(channels):
        raise UsageError(
            f"{printable(path.name)} takes grey pictures, for which there are no pixel values "
            f"'{wishes.preprocessing}'.",
            f"Choose {', '.join(pixel_choices(channels))}.",
        )
    card = ModelCard(
        id=library.free_id(_slug(name)),
        name=name,
        origin="imported",
        weights_file=KERAS_FILE,
        weights_sha256=UNKNOWN_SHA256,
        verified=False,
        classes=class_labels(wishes.labels),
        input=InputSpec(
            height=summary.height,
            width=summary.width,
            channels=channels,
            preprocessing=wishes.preprocessing or "none",
            thin="parts",
        ),
        description=summary.reading,
        parameters=summary.parameters,
        source=printable(path.name),
        created=datetime.now(UTC).date().isoformat(),
    )

    if wishes.preprocessing is None and not summary.scaling.decided:
        raise PixelsNeeded(path, card, _clues(summary))

    def copy(target: Path) -> None:
        with target.open("wb") as out:
            copy_and_sum(pieces(path, cancel), out)
        give_usable_names(target, cancel)
        _check_network(card, inspect_archive(target))
        trial.run(card, target)

    return _add(library, card, copy, path.stat().st_size)


def _clues(summary: NetworkSummary) -> list[Clue]:
    clues = []
    if summary.scaling.likely is not None:
        reason = f"Its layer {summary.scaling.reason}, which suits a network."
        clues.append(Clue(summary.scaling.likely, BY_SCALING, reason))
    family = family_clue(summary.names)
    return [*clues, family] if family is not None else clues


def _import_package(
    library: Library, archive: Archive, wishes: _Wishes, trial: _Trial, cancel: CancelToken
) -> ModelCard:
    card = _read_packed_card(archive)
    member = package_member(card)
    if member not in archive.names:
        refuse(f"its card names {member}, which it does not contain")
    bank = _packed_bank(archive, card)
    if wishes.preprocessing not in (None, card.input.preprocessing):
        raise UsageError(
            f"The card of {printable(card.name)} says which pixel values it was trained on: "
            f"'{card.input.preprocessing}'.",
            "Import it without a choice of pixels.",
        )
    if wishes.labels:
        check_names(wishes.labels, len(card.classes), card.name)
    official = card.architecture == "vgg19" and md5_of_pieces(archive.pieces(member, cancel)) == OFFICIAL.md5
    wanted = VGG19_ID if official else _slug(wishes.name or card.id)
    card = card.changed(
        id=wanted if official else library.free_id(wanted),
        name=wishes.name or card.name,
        origin="imported",
        verified=official,
        weights_file=member,
        proofs=(),
        classes=class_labels(wishes.labels) if wishes.labels else card.classes,
    )

    def unpack(target: Path) -> None:
        with target.open("wb") as out:
            copy_and_sum(archive.pieces(member, cancel), out)
        if card.architecture == "keras":
            give_usable_names(target, cancel)
            _check_network(card, inspect_archive(target))
            trial.run(card, target)
        else:
            _check_own(card, target)

    size = archive.zip.getinfo(member).file_size + (0 if card.bank is None else card.bank.bytes)
    return _add(library, card, unpack, size, bank)


def _read_packed_card(archive: Archive) -> ModelCard:
    document = _printable(parse(archive.read(CARD_FILE), CARD_FILE))
    try:
        return ModelCard.model_validate(CARD.upgrade(document, "its card"))
    except NewerVersion as error:
        refuse(str(error).rstrip("."))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        refuse(f"its card is not valid: {where[:100]}: {first['msg'][:200]}")


def _packed_bank(archive: Archive, card: ModelCard) -> FeatureBank | None:
    """Read the features of training pictures; None for a model without them."""
    packed = FEATURES_FILE in archive.names
    if card.bank is None:
        if packed:
            refuse(f"it contains {FEATURES_FILE}, which its card does not name")
        return None
    if not packed:
        refuse(f"its card names {FEATURES_FILE}, which it does not contain")
    if archive.zip.getinfo(FEATURES_FILE).file_size != card.bank.bytes:
        refuse(f"its member {FEATURES_FILE} has another size than its card says")
    try:
        return bank_from(archive.read(FEATURES_FILE), card.bank)
    except DamagedBank as error:
        refuse(f"its member {FEATURES_FILE} is damaged: {error.what}")


def _check_feature_layer(width: int, network: keras.Model) -> None:
    """Check that a network gives the features that its card describes."""
    layer = feature_layer(network)
    if layer is None or layer.output.shape[-1] != width:
        refuse(f"its network has no layer with the {width} features that its card names")


def _printable(value: Any) -> Any:
    """Remove from all texts what could play tricks on a terminal or a label."""
    if isinstance(value, str):
        return _one_line(value)
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(entry) for key, entry in value.items()}
    return value


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _clean_name(name: str) -> str:
    """Bring a name that the user gave to one printable line.

    Raises:
        UsageError: It is empty or too long.
    """
    clean = _one_line(name)
    if not clean:
        raise UsageError("The model's name is empty.", "Give it a name, or leave the name out.")
    if len(clean) > MAX_NAME:
        raise UsageError(
            f"The model's name has {len(clean)} characters, more than {MAX_NAME}.", "Give a shorter name."
        )
    return clean


def _check_network(card: ModelCard, summary: NetworkSummary) -> None:
    """Check that a card fits its network."""
    if max(2, summary.outputs) != len(card.classes):
        refuse(f"its card names {len(card.classes)} classes, but it has {counted(summary.outputs, 'output')}")
    size = (summary.height, summary.width)
    if summary.channels != card.input.channels or (
        not summary.any_size and size != (card.input.height, card.input.width)
    ):
        refuse("its card is for pictures of another size than its input")


def _check_own(card: ModelCard, weights: Path) -> None:
    """Check the weights of a network that the app builds itself, and that the card fits it."""
    variant = VARIANTS.get(card.architecture)
    name, side = (variant.name, variant.size) if variant else ("VGG19", INPUT_SIZE)
    size = (card.input.height, card.input.width, card.input.channels)
    if len(card.classes) != CLASS_COUNT or size != (side, side, 3):
        refuse(f"its card does not fit {name}")
    if variant is None:
        check_layout(weights)
    else:
        shapes = layer_shapes(variant, CLASS_COUNT)
        check_weights(weights, shapes, network=name, advice="Export the model again with Sightline.")


def _add(
    library: Library,
    card: ModelCard,
    write: Callable[[Path], None],
    size: int,
    bank: FeatureBank | None = None,
) -> ModelCard:
    def spare(there: InstalledModel | None) -> None:
        if there is not None and card.id != VGG19_ID:
            raise PlaceTaken(f"There is another model '{card.id}' by now.", "Import the file again.")

    require_space(library.installed, size)
    installed = library.add(card, write, bank=bank, size=size, before=spare)
    assert installed.card is not None
    return installed.card


def _slug(name: str) -> str:
    """Make a short id of plain letters, digits and hyphens, good as a folder name everywhere."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "model"
