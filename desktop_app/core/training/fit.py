"""Trains a network: from a configuration to a model in the library, or on from an unfinished run."""

from __future__ import annotations

import gc
import logging
import shutil
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError, StorageError
from desktop_app.core.foundation.text import printable
from desktop_app.core.inference.tensorflow_network import device_name
from desktop_app.core.library.store import Library
from desktop_app.core.networks.summary import summarise
from desktop_app.core.training.loop.balance import imbalance, weigh
from desktop_app.core.training.loop.endings import Interrupted, Stopped
from desktop_app.core.training.loop.epochs import train_epochs, trained_before
from desktop_app.core.training.loop.head_choice import choose_head, is_open
from desktop_app.core.training.loop.phases import plan
from desktop_app.core.training.loop.pictures import find_split, loaded
from desktop_app.core.training.loop.precision import distribution, dtype_policy, seeded
from desktop_app.core.training.loop.refit import pays
from desktop_app.core.training.loop.session import Session
from desktop_app.core.training.outcome.assessment import Assessment, Finishing, assess, refitted
from desktop_app.core.training.outcome.finish import final_network, forget, keep, model_of_run
from desktop_app.core.training.outcome.readiness import make_model_ready
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import Finished, Started
from desktop_app.core.training.records.failures import explain
from desktop_app.core.training.records.history import best_epoch
from desktop_app.core.training.records.progress import Progress
from desktop_app.core.training.records.result import TrainingResult
from desktop_app.core.training.runs.run_folder import RunError, RunFolder
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.task import catalogue as tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.training.loop.control import ControlToken
    from desktop_app.core.training.loop.epochs import Trained
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.recipes.recipe import Network
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.records.result import EndStatus
    from desktop_app.core.training.runs.place import Place
    from desktop_app.core.training.settings.config import TrainingConfig

_log = logging.getLogger(__name__)


def train(
    config: TrainingConfig,
    on_event: Callable[[TrainingEvent], None],
    control: ControlToken,
    *,
    runs: RunStore | None = None,
    library: Library | None = None,
    make_executor: MakeExecutor = InPlace,
) -> TrainingResult:
    """Train a network and keep it as a model.

    The same seed, data and machine give the same split, and on a CPU the same weights bit for bit.
    TensorFlow does not promise the latter on a GPU, where some sums are added up in varying order.

    Args:
        config: Configuration of the training: the data, the recipe and its settings.
        on_event: Callback for everything that happens, in the calling thread; the last event is `Finished`.
        control: Token checked between batches: whether to stop, cancel, pause or interrupt.
        runs: Store that keeps the run; the user's by default.
        library: Library that gets the model; the user's by default.
        make_executor: Factory of the executor whose threads read the pictures.

    Returns:
        The end of the run. A failure becomes status ``failed`` with a sentence, not an exception.
    """
    store = runs or RunStore.default()
    try:
        recipe = catalogue.get(config.recipe)
        recipe.check(config.hyperparameters)
        recipe.require(config.hyperparameters)
        tasks.get(config.task)
        run = store.create(config)
    except SightlineError as error:
        return _ended(_failed("", config.name, error), on_event)
    place = store.place(run, library or Library.default())
    return train_at(place, on_event, control, make_executor=make_executor)


def resume(
    run_id: str,
    on_event: Callable[[TrainingEvent], None],
    control: ControlToken,
    *,
    runs: RunStore | None = None,
    library: Library | None = None,
    make_executor: MakeExecutor = InPlace,
) -> TrainingResult:
    """Resume a run from its last checkpoint, or from its start when it has none.

    Split and hyper-parameters are those of the run. Arguments and result are those of `train`.
    """
    store = runs or RunStore.default()
    try:
        entry = store.get(run_id)
        if entry.problem:
            RunFolder(entry.folder).read_record()  # raises an error that also says what to do
        if not entry.resumable:
            raise RunError(
                f"The run '{run_id}' cannot be resumed: it is {entry.record.state}.",
                "Only runs that were interrupted, were stopped or have failed can be resumed.",
            )
    except SightlineError as error:
        return _ended(_failed(run_id, run_id, error), on_event)
    place = store.place(RunFolder(entry.folder), library or Library.default())
    return train_at(place, on_event, control, make_executor=make_executor)


def train_at(
    place: Place,
    on_event: Callable[[TrainingEvent], None],
    control: ControlToken,
    *,
    make_executor: MakeExecutor = InPlace,
) -> TrainingResult:
    """Train the network of a run from where it stands, and write only to its place.

    The run's lock is held meanwhile. A run that is cancelled, or stopped before it has learned anything, is
    deleted.

    Args:
        place: Place with a run that `RunFolder.begin` has made, or that an earlier fit left unfinished.
        on_event: Callback, as for `train`.
        control: Token, as for `train`.
        make_executor: Factory, as for `train`.

    Returns:
        The end of the run, as from `train`.
    """
    run = place.run
    try:
        with run.at_work():
            session = Session(place, control, on_event, make_executor)
            try:
                result = _attempt(session)
            finally:
                session.close()
                shutil.rmtree(place.scratch, ignore_errors=True)
            if result.status != "cancelled":
                session.journal.note_event(Finished(result))
                _note_end(session, result)
            if result.status == "finished":
                session.checkpoints.clear()  # the model has the weights, and the run is not resumed
        something = result.model_id or result.epochs or result.evaluation
        if result.status == "cancelled" or (result.status == "stopped" and not something):
            run.discard()
    except SightlineError as error:  # from the lock, run.json or the deletion
        result = _failed(run.run_id, run.run_id, error)
    except Exception as error:  # noqa: BLE001 - a caller gets a result whatever happens
        _log.exception("The run %s did not end in order", run.run_id)
        reason = printable(str(error)).rstrip(".") or type(error).__name__
        result = _failed(run.run_id, run.run_id, RunError(f"The run did not end in order: {reason}."))
    gc.collect()  # Keras's models are full of cycles: without this their memory would stay allocated for long
    return _ended(result, on_event)


def _note_end(session: Session, result: TrainingResult) -> None:
    """Record how the run ended; a full disk that prevents this does not hide why the run failed."""
    try:
        session.note_end(result)
    except StorageError:
        if result.status != "failed":
            raise


def _attempt(session: Session) -> TrainingResult:
    """Fit, and turn every end into a result with a sentence."""
    try:
        return _fit(session)
    except Cancelled:
        reason = Reason(f"Training discarded.{_what_stays(session)}")
        return session.result("cancelled", reason)
    except Interrupted:
        reason = Reason(
            "Interrupted: the run can be resumed where it stopped.", "Resume it from the list of runs."
        )
        return session.result("interrupted", reason)
    except Stopped:
        reason = Reason("Stopped before the first batch: there is nothing to keep.")
        return session.result("stopped", reason)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run ends with a sentence and the log has it
        session.journal.note_error(error)
        log_file = session.run.log_file
        failure = explain(error, session.values, session.recipe, log_file, session.stage)
        return session.result("failed", failure.reason, retry=failure.retry)


def _fit(session: Session) -> TrainingResult:
    """Check the data, split them, build the network, read the pictures, train, keep, evaluate."""
    progress, whole = _stand(session)
    session.note(state="running", ended="", message="", advice="")
    session.stage = "data"
    split = find_split(session)
    session.stage = "network"
    load_engine()
    session.open_event_files()
    with dtype_policy(mixed=session.values.mixed_precision):
        network = _build(session, len(split.classes))
        _batch, height, width, _channels = network.full.input_shape
        try:
            if whole:
                session.stage = "data"
                with loaded(session, split, height, width) as pictures:
                    session.stage = "training"
                    weigh(session, pictures, progress)
                    if is_open(session):
                        choose_head(session, network, pictures)
                        if session.values.head == "hidden":
                            network = _build(session, len(split.classes))
                    _announce(session, network, pictures, progress)
                    trained = train_epochs(session, network, pictures, progress)
                    session.gate.ignore_stop()
                    session.stage = "outcome"
                    network = final_network(session, trained, network, len(split.classes))
                    return _keep(session, trained, network, pictures)
        except Stopped:
            if not progress.begun:
                raise
        session.gate.ignore_stop()
        trained = trained_before(session, network, progress)
        session.stage = "outcome"
        network = final_network(session, trained, network, len(split.classes))
        session.stage = "data"
        with loaded(session, split, height, width, to_train=False) as pictures:
            return _keep(session, trained, network, pictures)


def _stand(session: Session) -> tuple[Progress, bool]:
    """Find where the run stands, and whether it can be resumed from there.

    Raises:
        RunError: The last checkpoint is damaged, and there is no best epoch to keep.
    """
    if not session.checkpoints.exists:
        return Progress(), True
    try:
        return session.checkpoints.read_progress(), True
    except RunError as error:
        best = session.checkpoints.read_progress_of_best()
        if best is None:
            raise
        session.warn(f"{error} The run cannot be resumed, but its best epoch is kept.")
        return best, False


def _build(session: Session, class_count: int) -> Network:
    """Build the recipe's network, always from the same random numbers, on all GPUs."""
    with distribution().scope(), seeded(session.values.seed):
        return session.recipe.build(session.values, class_count, session.task.output)


def _announce(session: Session, network: Network, pictures: Pictures, progress: Progress) -> None:
    """Note and report what is trained, and on what."""
    counts = {part: pictures.count(part) for part in pictures.indices}
    session.note(
        classes=pictures.classes,
        parameters=network.full.count_params(),
        device=device_name(all_gpus=True),
        **counts,
    )
    session.run.write_history(progress.history, session.task)
    for warning in _cautions(session, pictures):
        session.warn(warning)
    batch_size = session.values.batch_size
    session.emit(
        Started(
            run_id=session.run.run_id,
            name=session.record.name,
            folder=session.run.path,
            recipe=session.recipe.recipe_id,
            task=session.task.kind,
            classes=pictures.classes,
            **counts,
            steps=-(-counts["train"] // batch_size),
            epochs=sum(phase.epochs for phase in plan(network, session.values)),
            history=progress.history,
            parameters=network.full.count_params(),
            summary=summarise(network.full),
            device=session.record.device,
            choice=session.record.choice,
            unbalanced=session.record.unbalanced,
        )
    )


def _keep(session: Session, trained: Trained, network: Network, pictures: Pictures) -> TrainingResult:
    """Put the best weights into the library, before anything else is computed, and evaluate them."""
    session.stage = "outcome"
    best = best_epoch(trained.progress.history, session.task)
    validated_head = None
    if best is not None and pays(session, trained, pictures):
        validated_head = refitted(session, best.epoch, network, pictures)
    finished, assessment = Finishing(session, trained, network, pictures, validated_head), Assessment()
    earlier = None if session.library is None else model_of_run(session, session.library)
    if session.library is not None:
        keep(session, session.library, network.full, pictures.classes)
    try:
        assessment = assess(finished)
        make_model_ready(finished)
    except Cancelled:
        if earlier is None:
            forget(session)
            raise
        # The model of an earlier session is replaced already.
    message = _how_it_went(session, trained, assessment, refitted=validated_head is not None)
    if session.gate.cancelled and session.library is not None:
        message += " It was too late to cancel: the model is in the library already."
    status: EndStatus = "stopped" if trained.stopped else "finished"
    reason = Reason(message, assessment.advice)
    evaluation, problem = assessment.evaluation, assessment.problem
    return session.result(status, reason, evaluation=evaluation, problem=problem)


def _cautions(session: Session, pictures: Pictures) -> list[str]:
    """What the user should know about this run before it starts."""
    values = session.values
    cautions = []
    if not pictures.count("validation"):
        watching = values.early_stopping or values.schedule == "plateau"
        consequence = " Early stopping and the plateau schedule watch the training loss." if watching else ""
        cautions.append(
            "There is no validation set: the epoch with the lowest training loss is kept, which favours "
            f"overfitting (memorizing the training pictures).{consequence}"
        )
    elif session.record.unbalanced:
        cautions.append(imbalance(pictures))
    missing = np.flatnonzero(pictures.counts("train") == 0).tolist()
    names = ", ".join(pictures.classes[label] for label in missing[:5])
    if missing:
        cautions.append(f"No training pictures are left for: {names}{' ...' if len(missing) > 5 else ''}.")
    return cautions


def _how_it_went(session: Session, trained: Trained, assessment: Assessment, *, refitted: bool) -> str:
    """Sum up a run that ends with a model."""
    history, evaluation = trained.progress.history, assessment.evaluation
    best = best_epoch(history, session.task)
    if best is None:
        end, which = "Stopped within the first epoch", "weights of the unfinished epoch"
    else:
        early = not trained.stopped and len(history) < trained.planned
        end = "Stopped" if trained.stopped else "Done early: no further improvement" if early else "Done"
        kept = "best" if evaluation is None or evaluation.tells_apart else "kept"
        which = f"{kept}: epoch {best.epoch} of {len(history)}"
        if trained.skipped:
            which += "; it needed no fine-tuning"
        if refitted:
            which += "; it then learned from the validation pictures, too"
    how_good = evaluation.sentence if evaluation is not None else "not evaluated"
    return " ".join(
        filter(None, (f"{end}. {how_good[:1].upper()}{how_good[1:]} ({which}).", assessment.problem))
    )


def _what_stays(session: Session) -> str:
    """Name the model that an earlier session of a cancelled run kept, if there is one."""
    kept = None if session.library is None else model_of_run(session, session.library)
    return "" if kept is None else f" Its earlier model {kept.name} stays in the library."


def _failed(run_id: str, name: str, error: SightlineError) -> TrainingResult:
    """The result of a run that could not start, or did not end in order."""
    return TrainingResult("failed", run_id, name, None, 0, None, None, error.reason)


def _ended(result: TrainingResult, on_event: Callable[[TrainingEvent], None]) -> TrainingResult:
    on_event(Finished(result))
    return result
