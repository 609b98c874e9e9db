"""Trains a network: from a configuration to a model in the library, or on from an unfinished run."""

from __future__ import annotations

import gc
import logging
import shutil
from typing import TYPE_CHECKING

from desktop_app.core.classify.loader import device_name
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError, StorageError
from desktop_app.core.foundation.report_rate import ReportRate
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.store import Library
from desktop_app.core.networks.summary import summarise
from desktop_app.core.training.loop.endings import Interrupted, Stopped
from desktop_app.core.training.loop.epochs import train_epochs, trained_before
from desktop_app.core.training.loop.head_choice import choose_head, is_open
from desktop_app.core.training.loop.phases import plan
from desktop_app.core.training.loop.pictures import find_split, loaded
from desktop_app.core.training.loop.precision import distribution, dtype_policy, seeded
from desktop_app.core.training.loop.refit import pays, refit_head
from desktop_app.core.training.loop.session import Session
from desktop_app.core.training.outcome.evaluation import outputs_of
from desktop_app.core.training.outcome.feature_bank import bank_of
from desktop_app.core.training.outcome.finish import final_network, keep, model_of_run
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import Finished, Preparing, Started
from desktop_app.core.training.records.failures import explain
from desktop_app.core.training.records.history import best_epoch
from desktop_app.core.training.records.progress import Progress
from desktop_app.core.training.records.result import TrainingResult
from desktop_app.core.training.runs.run_folder import RunError, RunFolder
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.task import catalogue as tasks
from desktop_app.core.training.task.metric import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from desktop_app.core.datasets.report import Part
    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.training.loop.control import ControlToken
    from desktop_app.core.training.loop.epochs import Trained
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.recipes.recipe import Network
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.records.result import EndStatus
    from desktop_app.core.training.runs.place import Place
    from desktop_app.core.training.settings.config import TrainingConfig
    from desktop_app.core.training.task.evaluation import Evaluation
    from desktop_app.core.training.task.task import Predicted

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
        failure = explain(error, session.values, session.recipe, session.run.log_file)
        return session.result("failed", failure.reason, retry=failure.retry)


def _fit(session: Session) -> TrainingResult:
    """Check the data, split them, build the network, read the pictures, train, evaluate, keep."""
    progress, whole = _stand(session)
    session.note(state="running", ended="", message="", advice="")
    split = find_split(session)
    load_engine()
    session.open_event_files()
    with dtype_policy(mixed=session.values.mixed_precision):
        network = _build(session, len(split.classes))
        _batch, height, width, _channels = network.full.input_shape
        try:
            if whole:
                with loaded(session, split, height, width) as pictures:
                    if is_open(session):
                        choose_head(session, network, pictures)
                        if session.values.head == "hidden":
                            network = _build(session, len(split.classes))
                    _announce(session, network, pictures, progress)
                    trained = train_epochs(session, network, pictures, progress)
                    session.gate.ignore_stop()
                    network = final_network(session, trained, network, len(split.classes))
                    return _keep(session, trained, network, pictures)
        except Stopped:
            if not progress.begun:
                raise
        session.gate.ignore_stop()
        trained = trained_before(session, network, progress)
        network = final_network(session, trained, network, len(split.classes))
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
        return session.recipe.build(session.values, class_count)


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
        )
    )


def _keep(session: Session, trained: Trained, network: Network, pictures: Pictures) -> TrainingResult:
    """Evaluate the best weights and put them into the library."""
    classes = pictures.classes
    best = best_epoch(trained.progress.history, session.task)
    refitted = best is not None and pays(session, trained, pictures)
    if refitted and pictures.features is None:  # resumed after the last epoch
        assert network.backbone is not None
        pictures.compute_features(session, network.backbone)
    # What is said about the validation pictures comes from a head that was not trained on them.
    predictions = _predictions(session, trained, network, pictures, "validation")
    if best is not None and refitted:
        refit_head(session, best.epoch, network, pictures)
    predictions |= _predictions(session, trained, network, pictures, "test")
    evaluation = None
    shown: Literal["test", "validation"] = "test" if "test" in predictions else "validation"
    if shown in predictions:
        paths = [pictures.paths[index] for index in pictures.indices[shown].tolist()]
        evaluation = session.task.evaluate(*predictions[shown], part=shown, classes=classes, paths=paths)
        session.run.write_evaluation(evaluation)
    if session.library is not None:
        validation = predictions.get("validation")
        computed = _on_features(session, trained, pictures)
        bank = bank_of(session, network.full, pictures, computed=computed, tuned=not trained.of_head)
        keep(
            session,
            session.library,
            network.full,
            classes,
            evaluation=evaluation,
            validation=validation,
            bank=bank,
        )
    metrics = dict(session.record.metrics)
    if evaluation is not None:
        prefix = "test_" if evaluation.part == "test" else VALIDATION
        metrics |= {f"{prefix}{name}": value for name, value in evaluation.metrics.items()}
    session.note(metrics=metrics)
    message = _how_it_went(session, trained, evaluation, refitted=refitted)
    if session.gate.cancelled and session.library is not None:
        message += " It was too late to cancel: the model is in the library already."
    status: EndStatus = "stopped" if trained.stopped else "finished"
    return session.result(status, Reason(message), evaluation=evaluation)


def _predictions(
    session: Session, trained: Trained, network: Network, pictures: Pictures, part: Part
) -> dict[Part, Predicted]:
    """Predictions and truth of a split; none where it is empty."""
    model, on_features = network.full, False
    if _on_features(session, trained, pictures):
        assert network.head is not None
        model, on_features = network.head, True
    before = pictures.count("validation") if part == "test" else 0
    total = pictures.count("validation") + pictures.count("test")
    rate = ReportRate()

    def tell(done: int) -> None:
        if rate.due(last=before + done == total):
            session.emit(Preparing("Evaluating", before + done, total))

    batches = pictures.batches(session, part, model.output_shape[-1], on_features=on_features)
    if batches is None:
        return {}
    outputs = outputs_of(model, batches, tell=tell, check=session.gate.check)
    return {part: (session.task.predictions(outputs), pictures.labels[pictures.indices[part]])}


def _on_features(session: Session, trained: Trained, pictures: Pictures) -> bool:
    """Whether the backbone's features are computed already, and not in 16-bit numbers."""
    return trained.of_head and pictures.features is not None and not session.values.mixed_precision


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
    missing = set(range(len(pictures.classes))) - set(pictures.labels[pictures.indices["train"]].tolist())
    names = ", ".join(pictures.classes[label] for label in sorted(missing)[:5])
    if missing:
        cautions.append(f"No training pictures are left for: {names}{' ...' if len(missing) > 5 else ''}.")
    return cautions


def _how_it_went(session: Session, trained: Trained, evaluation: Evaluation | None, *, refitted: bool) -> str:
    """Sum up a run that ends with a model."""
    history = trained.progress.history
    best = best_epoch(history, session.task)
    if best is None:
        end, which = "Stopped within the first epoch", "weights of the unfinished epoch"
    else:
        early = not trained.stopped and len(history) < trained.planned
        end = "Stopped" if trained.stopped else "Done early: no further improvement" if early else "Done"
        which = f"best: epoch {best.epoch} of {len(history)}"
        if trained.skipped:
            which += "; it needed no fine-tuning"
        if refitted:
            which += "; its head was then fitted on the validation pictures too"
    how_good = evaluation.sentence if evaluation is not None else "not evaluated"
    return f"{end}. {how_good[:1].upper()}{how_good[1:]} ({which})."


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
