"""From a model's id to a classifier that is ready to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import counted
from desktop_app.core.library.download.vgg19_weights import VGG19_ID
from desktop_app.core.library.imagenet.published import BETTER, SMALL
from desktop_app.core.library.store import EVERYDAY_ID
from desktop_app.core.networks.efficientnet_lite import VARIANTS

if TYPE_CHECKING:
    import keras

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.store import InstalledModel, Library


def default_model_id(library: Library) -> str:
    """Name the model to use when nobody chose one.

    It is VGG19 once its weights are here, for then somebody asked for it; else the better ImageNet network:
    on photos it is right more often than the small one and takes 10 ms longer (docs/performance.md).
    Everyday, with its ten classes, is left where neither can be used.
    """
    usable = {entry.model_id for entry in library.entries() if not entry.problem}
    wanted = (VGG19_ID, BETTER.model_id, SMALL.model_id)
    return next((model_id for model_id in wanted if model_id in usable), EVERYDAY_ID)


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


def load_classifier(model_id: str, library: Library) -> Classifier:
    """Load a model and make it ready for the first picture.

    Args:
        model_id: A model of the library.
        library: Where to look.

    Returns:
        A warmed-up classifier.

    Raises:
        ModelError: Unknown, not installed, damaged or unfit for its card.
        EngineError: TensorFlow does not start.
    """
    entry = usable_model(model_id, library)
    assert entry.card is not None
    load_engine()
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.library.feature_bank import read_bank

    bank = read_bank(entry)
    classifier = Classifier(entry.card, _load_network(entry), device_name(), bank)
    classifier.warm_up()
    return classifier


def check_answers(card: ModelCard, network: keras.Model) -> None:
    """Let a loaded network answer once, to see before it is installed that it fits its card.

    Raises:
        ModelError: It does not, or its answer is not a number.
    """
    from desktop_app.core.classify.classifier import Classifier

    Classifier(card, network, device_name()).warm_up()


def _load_network(entry: InstalledModel) -> keras.Model:
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


def device_name(*, all_gpus: bool = False) -> str:
    """Say in words where the networks of this process run; TensorFlow must be loaded.

    Args:
        all_gpus: Whether the work is spread over all GPUs, as a training is; else the first one does it.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    used = gpus if all_gpus else gpus[:1]
    if used:
        details = [tf.config.experimental.get_device_details(gpu) for gpu in used]
        names = dict.fromkeys(each.get("device_name", "unnamed") for each in details)
        return f"{f'{len(used)} GPUs' if len(used) > 1 else 'GPU'}: {', '.join(names)}"
    return f"CPU ({counted(cpu_count(), 'core')})"
