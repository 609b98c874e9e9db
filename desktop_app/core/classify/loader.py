"""From a model's id to a classifier that is ready to answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.engine.loading import EngineError, engine_loaded, load_engine
from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.inference.choice import AUTOMATIC, TENSORFLOW_CHOSEN
from desktop_app.core.library.download.vgg19_weights import VGG19_ID
from desktop_app.core.library.foreign_kinds import is_foreign
from desktop_app.core.library.imagenet.published import BETTER, SMALL
from desktop_app.core.library.store import EVERYDAY_ID
from desktop_app.core.networks.efficientnet_lite import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import keras

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.store import InstalledModel, Library


def default_model_id(library: Library) -> str:
    """Name the model to use when nobody chose one.

    It is VGG19 once its weights are here, for then somebody asked for it; else the better ImageNet network:
    on photos it is right more often than the small one and takes 10 ms longer (docs/performance.md).
    Everyday, with its ten classes, is left where neither can be used.
    """
    for model_id in (VGG19_ID, BETTER.model_id, SMALL.model_id):
        entry = library.find(model_id)
        if entry is not None and not entry.problem:
            return model_id
    return EVERYDAY_ID


def usable_model(model_id: str, library: Library) -> InstalledModel:
    """Find a model that can be loaded, as far as its card tells.

    Raises:
        ModelError: It is unknown, not installed or damaged.
    """
    entry = library.get(model_id)
    if entry.problem or entry.card is None or entry.folder is None:
        raise ModelError(
            f"The model {entry.name} cannot be used: {entry.problem.rstrip('.')}.",
            f"Run 'sightline models download {model_id}', or use the Models pane."
            if model_id == VGG19_ID
            else "Reinstall Sightline, or choose another model."
            if entry.shipped
            else "Remove it and import it again, or choose another model.",
        )
    return entry


def load_classifier(
    model_id: str,
    library: Library,
    choice: EngineChoice = AUTOMATIC,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> Classifier:
    """Load a model and make it ready for the first picture.

    OpenVINO answers where it can, without TensorFlow. A model that it was not made ready for is loaded by
    TensorFlow this once, converted and compared.

    Args:
        model_id: A model of the library.
        library: Where to look.
        choice: Which engine and numbers the user wants.
        tell: Callback for what is being done, where it takes long.

    Returns:
        A classifier, whose `Classifier.by` says what answers. TensorFlow's is warmed up; OpenVINO's first
        answer takes hardly longer than the later ones.

    Raises:
        NotAClassifier: It gives features; `load_features` loads those.
        ModelError: Unknown, not installed, damaged or unfit for its card; or OpenVINO or bfloat16 was asked
            for and cannot be had.
        EngineError: The engine does not start.
    """
    from desktop_app.core.classify.naming import require_labels

    entry = usable_model(model_id, library)
    assert entry.card is not None
    require_labels(entry.card)
    return _load(entry, choice, tell)


def load_features(
    model_id: str,
    library: Library,
    choice: EngineChoice = AUTOMATIC,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> Classifier:
    """Load a model that gives features of pictures; see `load_classifier`.

    Returns:
        A classifier whose `Classifier.probabilities` are features of length 1.

    Raises:
        ModelError: It gives something else; or as `load_classifier` says.
        EngineError: The engine does not start.
    """
    entry = usable_model(model_id, library)
    assert entry.card is not None
    if entry.card.task != "embedding":
        raise ModelError(
            f"{entry.name} gives labels or amounts, not features: it can't compare pictures.",
            "Choose a model for features, or none.",
        )
    return _load(entry, choice, tell)


def _load(entry: InstalledModel, choice: EngineChoice, tell: Callable[[str], None]) -> Classifier:
    from desktop_app.core.devices.probe import gpu_expected
    from desktop_app.core.library.feature_bank import read_bank

    assert entry.card is not None
    if is_foreign(entry.card.architecture):
        return _foreign(entry, choice, tell)
    bank = read_bank(entry)
    if choice.engine == "tensorflow":
        if choice.precision == "bfloat16":
            raise ModelError(
                "TensorFlow computes a model with the numbers that it was trained with.",
                "Choose bfloat16 with OpenVINO only.",
            )
        return by_tensorflow(entry, bank, TENSORFLOW_CHOSEN, tell)[0]
    if choice.engine == "automatic" and choice.precision != "bfloat16" and gpu_expected():
        classifier, _network = by_tensorflow(entry, bank, "", tell)
        if not classifier.by.on_processor:
            return classifier
    return _by_openvino(entry, bank, choice, tell)


def _foreign(entry: InstalledModel, choice: EngineChoice, tell: Callable[[str], None]) -> Classifier:
    """Load a model of another program, compared first with its own engine where need be."""
    from desktop_app.core.classify.answering import CannotAnswer, NotReady, openvino_classifier
    from desktop_app.core.classify.foreign import gpu_reason, make_foreign_ready, refuse_tensorflow
    from desktop_app.core.devices.probe import gpu_expected

    if choice.engine == "tensorflow":
        refuse_tensorflow(entry)
    try:
        try:
            classifier = openvino_classifier(entry, None, choice)
        except NotReady:
            make_foreign_ready(entry, tell=tell)
            classifier = openvino_classifier(entry, None, choice)
    except (CannotAnswer, NotReady) as error:
        raise ModelError(str(error), "Choose another model, or the precision 'automatic'.") from error
    if choice.engine == "automatic" and not classifier.by.reason and gpu_expected():
        classifier.by = replace(classifier.by, reason=gpu_reason(entry))
    return classifier


def _by_openvino(
    entry: InstalledModel, bank: FeatureBank | None, choice: EngineChoice, tell: Callable[[str], None]
) -> Classifier:
    """Let OpenVINO answer, made ready first where need be; else TensorFlow, unless OpenVINO was asked for."""
    from desktop_app.core.classify.answering import (
        CannotAnswer,
        NotReady,
        make_ready,
        openvino_classifier,
    )

    strict = choice.engine == "openvino" or choice.precision == "bfloat16"
    try:
        try:
            classifier = openvino_classifier(entry, bank, choice)
        except NotReady:
            make_ready(entry, lambda: by_tensorflow(entry, bank, "", tell), bank, tell=tell)
            classifier = openvino_classifier(entry, bank, choice)
    except (CannotAnswer, NotReady, EngineError, StorageError) as error:
        if strict:
            raise ModelError(
                f"{entry.name} cannot be answered as you chose: {str(error).rstrip('.')}.",
                "Choose the engine and the precision 'automatic'.",
            ) from error
        return by_tensorflow(entry, bank, str(error), tell)[0]
    return classifier


def by_tensorflow(
    entry: InstalledModel, bank: FeatureBank | None, reason: str, tell: Callable[[str], None]
) -> tuple[Classifier, TensorFlowNetwork]:
    """Load a usable model with TensorFlow, and warm it up.

    Args:
        entry: The model.
        bank: Features of its training pictures.
        reason: The reason why OpenVINO does not answer, as a sentence.
        tell: Callback for what is being done.

    Returns:
        The classifier and its network.

    Raises:
        ModelError: It is damaged, does not fit its card, or is not one that TensorFlow runs.
        EngineError: TensorFlow does not start.
    """
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.classify.foreign import refuse_tensorflow

    refuse_tensorflow(entry)
    if not engine_loaded():
        tell("Starting TensorFlow…")
    load_engine()
    tell(f"Loading {entry.name}…")
    from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork, device_name

    assert entry.card is not None
    width = None if bank is None else bank.rows.shape[1]
    network = TensorFlowNetwork(entry.card, load_network(entry), device_name(), width, reason)
    classifier = Classifier(entry.card, network, bank)
    classifier.warm_up()
    return classifier, network


def check_answers(card: ModelCard, path: Path) -> None:
    """Load a network and let it answer once, to see before it is installed that it fits its card.

    Args:
        card: The card that it gets.
        path: Its file.

    Raises:
        ModelError: It cannot be loaded or does not fit, or its answer is not a number.
        EngineError: TensorFlow does not start.
    """
    from desktop_app.core.classify.classifier import Classifier

    if is_foreign(card.architecture):
        from desktop_app.core.classify.foreign import check_foreign

        check_foreign(card, path)
        return
    from desktop_app.core.inference.tensorflow_network import device_name
    from desktop_app.core.library.feature_bank import feature_layer
    from desktop_app.core.library.inspection.keras.loading import load_checked_model

    network = load_checked_model(path)
    if card.bank is not None:
        layer = feature_layer(network)
        if layer is None or layer.output.shape[-1] != card.bank.width:
            raise ModelError(
                f"{card.name} is refused: its network has no layer with the {card.bank.width} features that "
                "its card names.",
                "Export it again with Sightline.",
            )
    Classifier.of_keras(card, network, device_name()).warm_up()


def load_network(entry: InstalledModel) -> keras.Model:
    """Load the network of a usable model into Keras; TensorFlow must be loaded.

    Raises:
        ModelError: It is damaged.
    """
    assert entry.card is not None
    assert entry.folder is not None
    path = entry.folder / entry.card.weights_file
    if variant := VARIANTS.get(entry.card.architecture):
        from desktop_app.core.library.imagenet.network import load_lite

        return load_lite(variant, path)
    if entry.card.architecture == "vgg19":
        from desktop_app.core.library.vgg19.network import load_vgg19

        return load_vgg19(path)
    from desktop_app.core.library.inspection.keras.loading import load_checked_model

    return load_checked_model(path)
