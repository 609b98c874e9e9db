"""Making a model ready for OpenVINO: conversion, proof, and what is kept of both."""

from __future__ import annotations

import contextlib
import gc
import logging
from typing import TYPE_CHECKING, Any

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.foreign import ADVICE, foreign_graph
from desktop_app.core.engine.compiled import openvino_version, read_processor
from desktop_app.core.foundation.errors import ModelError, SightlineError
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.inference.conversion import CannotConvert, convert
from desktop_app.core.inference.derived import read_graph, write_graph
from desktop_app.core.inference.engine_record import (
    EngineRecord,
    GraphFile,
    key_of,
    place_for,
    read_record,
    stamp_of,
    write_record,
)
from desktop_app.core.inference.openvino_network import OpenVinoNetwork
from desktop_app.core.inference.proof import ask, prove
from desktop_app.core.inference.proof_pictures import proof_pictures
from desktop_app.core.inference.tensorflow_network import exact_float32
from desktop_app.core.inference.wording import OutOfMemory
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.engine_files import GRAPH_FILE, WEIGHTS_FILE
from desktop_app.core.library.foreign_kinds import is_foreign
from desktop_app.core.networks.efficientnet_lite import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.engine.compiled import Precision
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.inference.proof import Answers
    from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.proof import Proof

_log = logging.getLogger(__name__)


class NotReady(ModelError):
    """OpenVINO has not been made ready for a model, or its data are gone: TensorFlow has to do it once."""


class CannotAnswer(ModelError):
    """OpenVINO cannot answer for a model, or not with the wanted numbers; the message is the reason."""


def openvino_classifier(entry: InstalledModel, bank: FeatureBank | None, choice: EngineChoice) -> Classifier:
    """Load a model that OpenVINO was made ready for; TensorFlow is not needed.

    Args:
        entry: The model, whose card can be used.
        bank: Features of its training pictures.
        choice: What the user wants; its engine is not looked at.

    Raises:
        NotReady: It was not made ready, or for another version, other weights or another card.
        CannotAnswer: It was tried and does not work, or bfloat16 was asked for and may not be used.
        ModelError: The weights are damaged.
        EngineError: OpenVINO does not start.
    """
    record = read_record(entry, openvino_version())
    if record is None:
        raise NotReady(f"{entry.name} has not been made ready for OpenVINO yet.")
    if record.problem:
        raise CannotAnswer(record.problem)
    precision, reason = _precision(entry, record, choice, bank)
    return _classifier(entry, record, precision, bank=bank, reason=reason)


def make_ready(
    entry: InstalledModel,
    load: Callable[[], tuple[Classifier, TensorFlowNetwork]],
    bank: FeatureBank | None = None,
    *,
    own: Sequence[NDArray[np.uint8]] = (),
    tell: Callable[[str], None] = lambda _sentence: None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    into: Path | None = None,
) -> EngineRecord:
    """Convert a model for OpenVINO, compare both engines' answers, and keep the outcome.

    TensorFlow's network has answered for all pictures, and is let go, before OpenVINO's is made: both of
    VGG19 at once would take the memory twice. Nothing is kept before all is done: after a kill, or what a
    callback raises, the model is as before.

    Args:
        entry: The model as it is installed.
        load: Function that gives the model as TensorFlow runs it, warmed up, and its network.
        bank: Features of its training pictures.
        own: Pictures of the data set that it was trained on, prepared for it.
        tell: Callback for what is being done.
        on_progress: Callback for the pictures that are done and their number, where a picture is done by
            thirds, or by halves without bfloat16: one for each engine and precision. It may raise.
        into: Folder of a model that is to come with the app, made ready there; by default the place that
            `place_for` names.

    Returns:
        What was found; with a problem where TensorFlow has to answer as before.

    Raises:
        StorageError: The weights are gone, or the disk is full or refuses: nothing was found out.
        EngineError: TensorFlow or OpenVINO does not start.
        ModelError: TensorFlow cannot load the model.
        NotReady: There is too little memory now: nothing was found out.
    """
    assert entry.card is not None
    assert entry.weights is not None
    folder = into or place_for(entry)
    with storage_errors(entry.weights, verb="read"):
        stamp = stamp_of(entry.weights)
        weights_sha256 = sha256_of(entry.weights)
    pictures = proof_pictures(entry.card.input, own)
    half_too = read_processor().has_bfloat16
    rounds = 2 + half_too

    def ask_engine(engine: Classifier, nth: int) -> Answers:
        def report(done: int) -> None:
            on_progress((nth * len(pictures) + done) // rounds, len(pictures))

        return ask(engine, pictures, report)

    reference, network = load()
    tell(f"Comparing OpenVINO with TensorFlow for {entry.name}, this once…")
    kind = reference.kind
    record = EngineRecord(
        key=key_of(entry.card),
        weights_sha256=weights_sha256,
        weights_stamp=stamp,
        openvino=openvino_version(),
        kind="logits" if kind == "unknown" else kind,
    )
    try:
        checksums = {} if _built_from_weights(entry) else _convert(network, folder)
        record = record.model_copy(update={"checksums": checksums})
        with exact_float32():
            expected = ask_engine(reference, 0)
        name = f"TensorFlow {_tensorflow_version()}"
        del reference, network
        gc.collect()  # layers and what they give refer to each other

        def compare(precision: Precision, nth: int) -> Proof:
            candidate = _classifier(entry, record, precision, bank=bank, folder=folder)
            return _proof(entry, expected, ask_engine(candidate, nth), precision, name)

        proofs = [compare("float32", 1)]
        if proofs[0].holds and half_too:
            proofs.append(compare("bfloat16", 2))
        record = record.model_copy(update={"proofs": tuple(proofs)})
        if not proofs[0].holds:
            record = _refused(record, _unlike(proofs[0]))
    except (ModelError, MemoryError) as error:
        record = _refused(record, _problem(entry, error))
    if record.problem:
        with contextlib.suppress(OSError):
            for graph in (GRAPH_FILE, WEIGHTS_FILE):
                (folder / graph).unlink(missing_ok=True)
    write_record(folder, record, shipped=into is not None)
    return record


def _problem(entry: InstalledModel, error: Exception) -> str:
    """What keeps OpenVINO from answering for a model, as a part of a sentence.

    Raises:
        NotReady: It was the memory of this moment, which says nothing about the model: the next use
            tries again.
    """
    if isinstance(error, (OutOfMemory, MemoryError)) or isinstance(error.__cause__, MemoryError):
        raise NotReady(f"There was too little memory to make {entry.name} ready for OpenVINO.") from error
    if isinstance(error, CannotConvert):
        return error.what
    if isinstance(error, NotReady):
        return "its copy of the network cannot be read again"
    return str(error).rstrip(".")


def _tensorflow_version() -> str:
    import tensorflow as tf

    return str(tf.__version__)


def _refused(record: EngineRecord, reason: str) -> EngineRecord:
    return record.model_copy(
        update={"checksums": {}, "problem": f"OpenVINO cannot answer for it: {reason}."[:2000]}
    )


def _unlike(proof: Proof) -> str:
    """Why a proof does not hold, as a part of a sentence."""
    unit = {"regression": "% of the largest amount", "embedding": "% of their length"}.get(
        proof.task, " points"
    )
    apart = f"{100 * proof.largest_difference:.2g}{unit}"
    if proof.clear_agree and proof.largest_distance_difference is not None:
        apart += f" (distance from the training pictures: {proof.largest_distance_difference:.2g})"
    whose = "TensorFlow's" if proof.reference.startswith("TensorFlow") else f"those of {proof.reference}"
    return f"its answers are up to {apart} apart from {whose} on {proof.pictures} pictures"


def _precision(
    entry: InstalledModel, record: EngineRecord, choice: EngineChoice, bank: FeatureBank | None
) -> tuple[Precision, str]:
    """Choose the numbers to compute with, and the reason where it is not bfloat16 although it could be.

    Raises:
        CannotAnswer: bfloat16 was asked for and may not be used.
    """
    if choice.precision == "float32":
        return "float32", ""
    processor = read_processor()
    if not processor.has_bfloat16:
        if choice.precision == "bfloat16":
            raise CannotAnswer("This computer's processor has no bfloat16.")
        return "float32", ""
    proof = record.proof("bfloat16", processor.kind)
    if proof is None:
        proof = _prove_half(entry, record, bank)
        _keep(entry, record.with_proof(proof))
    if proof.holds:
        return "bfloat16", ""
    reason = f"It is computed in float32: in bfloat16 {_unlike(proof)}."
    if choice.precision == "bfloat16":
        raise CannotAnswer(reason)
    return "float32", reason


def _prove_half(entry: InstalledModel, record: EngineRecord, bank: FeatureBank | None) -> Proof:
    """Compare bfloat16 with float32, which TensorFlow was compared with: on a new kind of processor."""
    assert entry.card is not None
    pictures = proof_pictures(entry.card.input)
    whole, half = (
        ask(_classifier(entry, record, precision, bank=bank), pictures)
        for precision in ("float32", "bfloat16")
    )
    return _proof(entry, whole, half, "bfloat16", f"OpenVINO {record.openvino} in float32")


def _proof(
    entry: InstalledModel, expected: Answers, found: Answers, precision: Precision, reference_name: str
) -> Proof:
    assert entry.card is not None
    return prove(
        expected,
        found,
        precision=precision,
        engine=f"OpenVINO {openvino_version()}",
        reference_name=reference_name,
        processor=read_processor().kind,
        card=entry.card,
    )


def _classifier(
    entry: InstalledModel,
    record: EngineRecord,
    precision: Precision,
    *,
    bank: FeatureBank | None,
    reason: str = "",
    folder: Path | None = None,
) -> Classifier:
    """Load a model; its graph from ``folder`` alone, where that is given."""
    assert entry.card is not None
    if is_foreign(entry.card.architecture):
        model = foreign_graph(entry)
        return Classifier(
            entry.card, OpenVinoNetwork(entry.name, model, record.kind, precision, reason, advice=ADVICE)
        )
    model = _built(entry, precision) if _built_from_weights(entry) else read_graph(entry, record, folder)
    if model is None:
        raise NotReady(f"The data that OpenVINO needs of {entry.name} are damaged.")
    network = OpenVinoNetwork(entry.name, model, record.kind, precision, reason)
    return Classifier(entry.card, network, bank)


def _built_from_weights(entry: InstalledModel) -> bool:
    return entry.card is not None and entry.card.architecture != "keras"


def _built(entry: InstalledModel, precision: Precision) -> Any:
    """Build one of the networks that the app knows, straight from its weights."""
    assert entry.card is not None
    assert entry.weights is not None
    if variant := VARIANTS.get(entry.card.architecture):
        from desktop_app.core.library.imagenet.openvino_network import lite_for_openvino

        return lite_for_openvino(variant, entry.weights)
    from desktop_app.core.library.vgg19.openvino_network import vgg19_for_openvino

    return vgg19_for_openvino(entry.weights, precision)


def _convert(network: TensorFlowNetwork, folder: Path) -> dict[GraphFile, int]:
    with storage_errors(folder / GRAPH_FILE):
        return write_graph(folder, convert(network, folder))


def _keep(entry: InstalledModel, record: EngineRecord) -> None:
    """Write a record; where that fails, the next start finds out again."""
    try:
        write_record(place_for(entry), record)
    except SightlineError as error:
        _log.info("What was found out about OpenVINO is not kept: %s", error)
