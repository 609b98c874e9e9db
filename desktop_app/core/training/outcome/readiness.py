"""Making a trained model ready for OpenVINO: compared with TensorFlow on some of its own pictures, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.answering import make_ready
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.devices.probe import gpu_expected
from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.foundation.report_rate import ReportRate
from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork, device_name
from desktop_app.core.library.feature_bank import read_bank
from desktop_app.core.training.loop.endings import Interrupted
from desktop_app.core.training.outcome.finish import describe, model_of_run
from desktop_app.core.training.records.events import Preparing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.datasets.report import Part
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.outcome.assessment import Finishing

OWN_PICTURES = 32
"""Pictures of the data set that the engines are compared on, at most."""


def make_model_ready(finishing: Finishing) -> None:
    """Make the model of a run ready for OpenVINO, once it is kept and described.

    What fails here, or is interrupted, costs nothing: the model is made ready at its first use then.

    Raises:
        Cancelled: The run is to be discarded.
    """
    session = finishing.session
    if session.library is None or gpu_expected():
        return
    entry = model_of_run(session, session.library)
    if entry is None or entry.problem:
        return
    try:
        _make_ready(finishing, entry)
    except Cancelled:
        raise
    except Interrupted:
        session.journal.note("The model is made ready for OpenVINO at its first use: interrupted.")
    except Exception as error:  # noqa: BLE001 - the model is kept and answers, whatever it is
        session.journal.note_error(error)
        session.warn("The model is made ready for OpenVINO at its first use: see log.txt.")


def _make_ready(finishing: Finishing, entry: InstalledModel) -> None:
    session = finishing.session
    assert session.library is not None
    assert entry.card is not None
    session.emit(Preparing("Comparing OpenVINO with TensorFlow", 0, None))
    rate = ReportRate()

    def tell(done: int, total: int) -> None:
        session.gate.check()
        if rate.due(last=done == total):
            session.emit(Preparing("Comparing OpenVINO with TensorFlow", done, total))

    bank = read_bank(entry)
    width = None if bank is None else bank.rows.shape[1]
    network = TensorFlowNetwork(entry.card, finishing.network.full, device_name(), width)
    classifier = Classifier(entry.card, network, bank)
    classifier.warm_up()
    own = own_pictures(finishing.pictures, session.values.seed)
    record = make_ready(entry, lambda: (classifier, network), bank, own=own, on_progress=tell)
    describe(session, session.library, entry.model_id, {"proofs": record.proofs}, None)


def own_pictures(pictures: Pictures, seed: int) -> list[NDArray[np.uint8]]:
    """Choose pictures of a run at random: of those that it was not trained on, where there are some.

    Returns:
        At most `OWN_PICTURES`, uint8 ``(height, width, 3)`` each.
    """
    parts: tuple[Part, ...] = ("validation", "test", "train")
    rows = next((pictures.indices[part] for part in parts if pictures.count(part)), np.empty(0, np.int64))
    chosen = np.random.default_rng(seed).permutation(rows)[:OWN_PICTURES]
    return [np.array(pictures.store.pixels[row]) for row in np.sort(chosen)]
