"""What a model can do, found out once it is in the library: nothing that fails here loses the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.core.foundation.report_rate import ReportRate
from desktop_app.core.training.loop.endings import Interrupted, Stopped
from desktop_app.core.training.loop.refit import refit_head
from desktop_app.core.training.outcome.evaluation import Sample, outputs_of
from desktop_app.core.training.outcome.feature_bank import bank_of
from desktop_app.core.training.outcome.finish import describe
from desktop_app.core.training.records.events import Preparing
from desktop_app.core.training.records.failures import is_memory
from desktop_app.core.training.task.metric import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.training.loop.epochs import Trained
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.loop.session import Session
    from desktop_app.core.training.recipes.recipe import Network
    from desktop_app.core.training.task.evaluation import Evaluation
    from desktop_app.core.training.task.task import Predicted

    Held = Literal["validation", "test"]
    Weights = list[NDArray[Any]]

_MEASURE_IT = "To measure its accuracy, classify a folder of test pictures sorted by class in Batch."


@dataclass(frozen=True, slots=True, eq=False)
class Finishing:
    """A trained network with what it is assessed on.

    Attributes:
        session: The run.
        trained: Result of the epochs.
        network: The network that is kept.
        pictures: Pictures of the run.
        validated_head: Weights of the head that has not seen the validation pictures; None where that is the
            one that is kept.
    """

    session: Session
    trained: Trained
    network: Network
    pictures: Pictures
    validated_head: Weights | None

    @property
    def on_features(self) -> bool:
        """Whether the backbone's features are computed already, and not in 16-bit numbers."""
        computed = self.pictures.features is not None and not self.session.values.mixed_precision
        return self.trained.of_head and computed


@dataclass(frozen=True, slots=True)
class Assessment:
    """What came of it.

    Attributes:
        evaluation: Evaluation on the test split, or on the validation split; None without either, or where it
            failed.
        problem: Why it failed, as a sentence; empty when it did not.
        advice: What to do then.
    """

    evaluation: Evaluation | None = None
    problem: str = ""
    advice: str = ""


def refitted(session: Session, epochs: int, network: Network, pictures: Pictures) -> Weights | None:
    """Fit the head of a network again, see `refit_head`.

    Returns:
        The head's weights before; None where there was too little memory: the head is as before then.

    Raises:
        Cancelled, Interrupted: As the gate says.
    """
    assert network.head is not None
    before: Weights = network.head.get_weights()
    try:
        if pictures.features is None:  # resumed after the last epoch
            assert network.backbone is not None
            pictures.compute_features(session, network.backbone)
        refit_head(session, epochs, network, pictures)
    except Exception as error:
        if not is_memory(error):
            raise
        network.head.set_weights(before)
        session.warn("There is not enough memory to fit the head on the validation pictures too.")
        return None
    return before


def assess(finishing: Finishing) -> Assessment:
    """Evaluate a kept model, and complete its card.

    Raises:
        Cancelled, Interrupted: As the gate says.
    """
    session, problem = finishing.session, Reason("")
    evaluation = None
    try:
        evaluation = _evaluate(finishing)
    except (Cancelled, Interrupted, Stopped):
        raise
    except Exception as error:  # noqa: BLE001 - the model is kept whatever it is
        problem = _explained(session, error)
    try:
        _complete(finishing)
    except (Cancelled, Interrupted, Stopped):
        raise
    except Exception as error:  # noqa: BLE001 - see above
        session.journal.note_error(error)
        session.warn("The model cannot say which pictures are unlike its training pictures: see log.txt.")
    return Assessment(evaluation, problem.text, problem.advice)


def _explained(session: Session, error: Exception) -> Reason:
    session.journal.note_error(error)
    if is_memory(error):
        return Reason("The model is kept, but there was not enough memory to evaluate it.", _MEASURE_IT)
    if isinstance(error, SightlineError):
        return Reason(f"The model is kept, but not its evaluation: {error}", error.advice)
    return Reason("The model is kept, but evaluating it failed: log.txt says why.", _MEASURE_IT)


def _evaluate(finishing: Finishing) -> Evaluation | None:
    """Evaluate, and note the figures in the run and on the card."""
    session = finishing.session
    # What is said about the validation pictures comes from a head that was not trained on them.
    validation, sample = _with_head(finishing) or (None, None)
    tested = _measured(finishing, "test", validation)
    evaluation = tested[0] if tested is not None else validation
    if evaluation is None:
        return None
    prefix = "test_" if evaluation.part == "test" else VALIDATION
    figures = {f"{prefix}{name}": value for name, value in evaluation.metrics.items()}
    session.note(metrics=session.record.metrics | figures)
    session.run.write_evaluation(evaluation)
    if session.library is not None and session.record.model_id is not None:
        card = session.task.card(finishing.pictures.classes, evaluation, validation, sample)
        describe(session, session.library, session.record.model_id, card, None)
    return evaluation


def _with_head(finishing: Finishing) -> tuple[Evaluation, Predicted] | None:
    """Measure the validation pictures, with the head before it was fitted on them."""
    head = finishing.network.head
    if finishing.validated_head is None or head is None:
        return _measured(finishing, "validation")
    kept = head.get_weights()
    head.set_weights(finishing.validated_head)
    try:
        return _measured(finishing, "validation")
    finally:
        head.set_weights(kept)


def _measured(
    finishing: Finishing, part: Held, validation: Evaluation | None = None
) -> tuple[Evaluation, Predicted] | None:
    """Evaluate a split; with predictions and truth of some of its pictures. None where it is empty."""
    session, pictures = finishing.session, finishing.pictures
    model, on_features = finishing.network.full, False
    if finishing.on_features:
        assert finishing.network.head is not None
        model, on_features = finishing.network.head, True
    batches = pictures.batches(session, part, model.output_shape[-1], on_features=on_features)
    if batches is None:
        return None
    before = pictures.count("validation") if part == "test" else 0
    total = pictures.count("validation") + pictures.count("test")
    rate = ReportRate()

    def tell(done: int) -> None:
        if rate.due(last=before + done == total):
            session.emit(Preparing("Evaluating", before + done, total))

    rows = pictures.indices[part]
    truth = pictures.truth(rows)
    outputs = outputs_of(model, batches, tell=tell, check=session.gate.check)
    sample = Sample.of(len(rows), model.output_shape[-1], session.values.seed)
    evaluation = session.task.evaluate(
        _predictions(session, sample.watch(outputs)),
        truth,
        part=part,
        classes=pictures.classes,
        paths=[pictures.paths[row] for row in rows.tolist()],
        validation=validation,
    )
    return evaluation, (session.task.predictions(sample.taken()), truth[sample.rows])


def _predictions(session: Session, outputs: Iterator[NDArray[np.float64]]) -> Iterator[NDArray[np.float64]]:
    return (session.task.predictions(batch) for batch in outputs)


def _complete(finishing: Finishing) -> None:
    """Add to the card the features by which the model tells what is unlike its training pictures."""
    session, network = finishing.session, finishing.network
    if session.library is None or session.record.model_id is None:
        return
    tuned = not finishing.trained.of_head
    bank = bank_of(session, network.full, finishing.pictures, computed=finishing.on_features, tuned=tuned)
    if bank is not None:
        describe(session, session.library, session.record.model_id, {}, bank)
