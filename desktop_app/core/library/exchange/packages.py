"""Importing a Sightline model: a network with its card in one archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.migration import NewerVersion
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.card import CARD, MAX_BANK_BYTES, ModelCard
from desktop_app.core.library.card_limits import CARD_FILE, FEATURES_FILE, MAX_CARD_BYTES
from desktop_app.core.library.download.checksums import copy_and_sum, md5_of_pieces
from desktop_app.core.library.download.vgg19_weights import OFFICIAL, VGG19_ID
from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.exchange.exporting import KERAS_FILE, MEMBERS, package_member
from desktop_app.core.library.exchange.installing import add, one_line, own_name, slug
from desktop_app.core.library.exchange.sources import WEIGHTS_FILES, inspect_kept
from desktop_app.core.library.feature_bank import DamagedBank, bank_from
from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.inspection.containers.archive import Archive, open_archive
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.layout import check_weights
from desktop_app.core.library.inspection.containers.limits import MAX_ARCHIVE_BYTES
from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.onnx.cleaning import store_onnx
from desktop_app.core.library.inspection.tflite.summary import store_tflite
from desktop_app.core.library.labels import check_names, class_labels
from desktop_app.core.library.vgg19.layout import INPUT_SIZE, check_layout
from desktop_app.core.networks.efficientnet_lite import VARIANTS, layer_shapes
from desktop_app.core.networks.outputs import TASK_WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.exchange.installing import Check, Wishes
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.inspection.result.network_summary import NetworkSummary
    from desktop_app.core.library.store import Library

_PACKAGES = [{CARD_FILE: MAX_CARD_BYTES, member: MAX_ARCHIVE_BYTES} for member in MEMBERS.values()]
_WITH_BANK = {CARD_FILE: MAX_CARD_BYTES, KERAS_FILE: MAX_ARCHIVE_BYTES, FEATURES_FILE: MAX_BANK_BYTES}


def import_package(
    library: Library, path: Path, wishes: Wishes, check: Check | None, cancel: CancelToken
) -> ModelCard:
    """Check a Sightline model and install it; see `importing.import_model`."""
    with open_archive(path, *_PACKAGES, _WITH_BANK) as archive:
        return _import(library, archive, wishes, check, cancel)


def _import(
    library: Library, archive: Archive, wishes: Wishes, check: Check | None, cancel: CancelToken
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
    if wishes.task not in (None, card.task) or wishes.units:
        raise UsageError(
            f"The card of {printable(card.name)} says what its outputs are for: {TASK_WORDS[card.task]}.",
            "Import it without a task or units.",
        )
    if wishes.labels:
        check_names(wishes.labels, len(card.classes), card.name, card.task)
    official = card.architecture == "vgg19" and md5_of_pieces(archive.pieces(member, cancel)) == OFFICIAL.md5
    name = card.name if official else own_name(library, wishes.name, card.name)
    wanted = VGG19_ID if official else slug(wishes.name or card.id)
    card = card.changed(
        id=wanted if official else library.free_id(wanted),
        name=name,
        origin="imported",
        verified=official,
        weights_file=member,
        proofs=(),
        classes=class_labels(wishes.labels) if wishes.labels else card.classes,
    )

    def unpack(target: Path) -> None:
        with target.open("wb") as out:
            copy_and_sum(archive.pieces(member, cancel), out)
        if card.architecture not in WEIGHTS_FILES:
            _check_own(card, target)
            return
        if card.architecture == "keras":
            inspect_kept(card.architecture, target)
            write_clean(target, target, cancel)
        else:
            packed = target.replace(target.with_name(f"{target.name}.packed"))
            (store_onnx if card.architecture == "onnx" else store_tflite)(packed, target, cancel)
            packed.unlink()
        check_network(card, inspect_kept(card.architecture, target))
        if check is not None:
            check(card, target)

    size = archive.zip.getinfo(member).file_size + (0 if card.bank is None else card.bank.bytes)
    return add(library, card, unpack, size, bank)


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


def _printable(value: Any) -> Any:
    """Remove from all texts what could play tricks on a terminal or a label."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(entry) for key, entry in value.items()}
    return value


def check_network(card: ModelCard, summary: NetworkSummary) -> None:
    """Check that a card fits its network.

    Raises:
        ModelError: It does not.
    """
    wanted = {"classification": max(2, summary.outputs), "embedding": 0}.get(card.task, summary.outputs)
    if wanted != len(card.classes):
        refuse(f"its card names {len(card.classes)} classes, but it has {counted(summary.outputs, 'output')}")
    size = (summary.height, summary.width)
    if (summary.channels, summary.layout) != (card.input.channels, card.input.layout) or (
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
