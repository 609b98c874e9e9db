"""The pictures of this session, from the moment they are dropped to their labels."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.classify.results import Result
from desktop_app.core.engine.libraries import (
    import_core_modules,
    import_model_modules,
    import_picture_modules,
)
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.images.sources import FileSource, LinkSource, Source
from desktop_app.workers.classify.fetched_links import FetchedLinks
from desktop_app.workers.classify.inference import Inference, Loading
from desktop_app.workers.classify.messages import Item, ItemState, ModelPhase, ModelStatus
from desktop_app.workers.classify.pictures import decode, find
from desktop_app.workers.classify.preview_queue import PreviewQueue
from desktop_app.workers.classify.results_writer import save
from desktop_app.workers.classify.waiting import WaitingItems
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.classify.results_csv import CsvStyle
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.networks.input_spec import Fit, Fitting, InputSpec
    from desktop_app.workers.classify.messages import Answer
    from desktop_app.workers.classify.pictures import Decoded, Found


class ClassifySession(QObject):
    """Queues pictures, and has them decoded, classified and shown; lives in the GUI thread.

    Pictures, links, previews and the network have a thread each, so that a slow link holds up nothing
    and the screen never waits for the network. Only a few pictures are under way at a time: a folder of
    any size takes no more memory than its list of names.

    A request carries the generation of the chosen model; results for an earlier one are computed again.
    """

    items_added = Signal(object)
    item_changed = Signal(object)
    items_removed = Signal(object)
    preview_ready = Signal(object)
    thumbnail_ready = Signal(object)
    model_changed = Signal(object)
    progress_changed = Signal(int, int)
    message = Signal(str)

    def __init__(self, pool: ModelPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = pool
        self._items: dict[int, Item] = {}
        self._next_number = 1
        self._waiting = WaitingItems()
        self._held: dict[int, Decoded] = {}
        self._fetched = FetchedLinks()
        self._folders_open = 0
        self._done = self._total = 0
        self._cancel = CancelSource()
        self._cancel_load = CancelSource()
        self._generation = 0
        self._shown = 0
        self._input: InputSpec | None = None
        self._status = ModelStatus("", "", ModelPhase.LOADING)
        self._loading = Loading("", "")
        self._fit: Fit | None = None
        self._allow_private_hosts = False
        self._lanes = [
            Lane("inference", self, import_model_modules),
            *(Lane(name, self, import_picture_modules) for name in ("pictures", "links", "previews")),
        ]
        self._network, self._pictures, self._links, self._screen = self._lanes
        self._inference = Inference(pool)
        self._previews = PreviewQueue(
            self._screen, on_preview=self.preview_ready.emit, on_thumbnail=self.thumbnail_ready.emit
        )

    # Requests of the window

    def items(self) -> tuple[Item, ...]:
        """All pictures in the order in which they came."""
        return tuple(self._items.values())

    def item(self, number: int) -> Item:
        """The current state of one picture."""
        return self._items[number]

    @property
    def model_status(self) -> ModelStatus:
        """The chosen model and whether it is ready."""
        return self._status

    @property
    def fitting(self) -> Fitting | None:
        """What the model sees of a picture; None until its card is read."""
        return None if self._input is None else self._input.fitting(self._fit)

    def set_options(self, fit: Fit | None, *, allow_private_hosts: bool) -> None:
        """Change how pictures are fitted, and which links are allowed from now on.

        With another fit all pictures are classified again, the one on the screen first.
        """
        before = self.fitting
        self._fit, self._allow_private_hosts = fit, allow_private_hosts
        if self.fitting != before:
            self._answer_all_again()

    def add(self, sources: Sequence[Source]) -> None:
        """Queue pictures; folders are searched in the background."""
        pictures = []
        for source in sources:
            if isinstance(source, FileSource) and source.is_folder:
                self._search(source)
            else:
                pictures.append(source)
        self._append(pictures)

    def show(self, number: int, max_side: int) -> None:
        """Ask for a preview whose longer side is at most ``max_side`` pixels; the latest request wins."""
        if number not in self._items:
            return
        self._shown = number
        source = self._shown_source(number)
        self._previews.show(number, source, max_side)
        if isinstance(source, LinkSource) and self._items[number].state is ItemState.ANSWERED:
            self._request_decoding(number, is_link=True)  # its picture had to make room for newer ones

    def request_thumbnail(self, number: int) -> None:
        """Ask for a small preview; the latest requests are served first."""
        if number in self._items:
            self._previews.add_thumbnail(number, self._shown_source(number))

    def set_model(self, model_id: str | None, again: int | None = None) -> None:
        """Load a model in the background; None takes the default one.

        Args:
            model_id: The id in the library.
            again: The picture to classify again once the model is ready, such as the one on the screen.
        """
        self._outdate_pixels()
        self._input = None
        self._cancel_load.cancel()
        self._cancel_load = CancelSource()
        if again is not None:
            self.answer_again(again)
        self._set_status(
            ModelStatus(model_id or "", model_id or "", ModelPhase.LOADING, "Loading the model…")
        )
        token = self._cancel_load.token
        self._network.do(
            self._inference.load,
            model_id,
            token,
            work="Loading the model",
            advice="Choose another model.",
            on_progress=self._on_loading,
            on_result=self._on_loaded,
            on_failure=self._on_not_loaded,
            cancel=token,
        )

    def choose_engine(self, choice: EngineChoice, again: int | None = None) -> None:
        """Load the model again, for another engine or other numbers.

        Args:
            choice: What the user wants from now on.
            again: The picture to classify again, as in `set_model`.
        """
        self._pool.choose(choice)
        if self._status.model_id or self._status.phase is not ModelPhase.LOADING:
            self.set_model(self._status.model_id or None, again)

    def forget_model(self, model_id: str) -> None:
        """Load a model again when it is next used, since its files changed or were removed."""
        self._pool.forget(model_id)

    def change_input(self, model_id: str) -> None:
        """Load a model again that gets its pictures in another way, and classify again what it has seen."""
        self._pool.forget(model_id)
        if self._status.model_id == model_id:
            self.set_model(model_id)
        self._answer_all_again(model_id)

    def answer_again(self, number: int) -> None:
        """Classify a picture again, before all others that wait."""
        item = self._items.get(number)
        if item is None or item.state is ItemState.WAITING:
            return
        self._change(replace(item, state=ItemState.WAITING, answer=None, reason=None))
        self._waiting.put_back(number, item.source)
        self._total += 1
        self._advance()

    def _outdate_pixels(self) -> None:
        """Have pictures that were decoded for another input, and are not classified yet, decoded again."""
        self._generation += 1
        for number in reversed(self._held):
            self._waiting.put_back(number, self._items[number].source)
        self._held.clear()

    def _answer_all_again(self, model_id: str = "") -> None:
        """Classify all pictures again, or those that a model has answered."""
        self._outdate_pixels()
        answered = [
            item
            for item in self._items.values()
            if item.answer is not None and model_id in {"", item.answer.model_id}
        ]
        for item in sorted(answered, key=lambda item: (item.number == self._shown, -item.number)):
            self._waiting.put_back(item.number, item.source)
        self._total += len(answered)
        for item in answered:
            self._change(replace(item, state=ItemState.WAITING, answer=None))
        self._advance()

    def cancel(self) -> None:
        """Cancel every waiting picture, and every search of a folder."""
        self._cancel.cancel()
        self._cancel = CancelSource()
        for number in [*self._waiting.take_all(), *self._held]:
            self._finish(replace(self._items[number], state=ItemState.CANCELLED))
        self._held.clear()
        self._advance()

    def clear(self) -> None:
        """Cancel, and remove all pictures."""
        self.cancel()
        numbers = tuple(self._items)
        self._items.clear()
        self._fetched.clear()
        self._previews.clear()
        self._done = self._total = 0
        self.items_removed.emit(numbers)
        self.progress_changed.emit(0, 0)

    def save_results(self, path: Path, style: CsvStyle) -> None:
        """Write the results so far as JSON or CSV, by the name's ending; `message` follows."""
        results = tuple(
            Result(
                item.source.text,
                item.answer.model_id if item.answer else self._status.model_id,
                item.answer.prediction if item.answer else None,
                item.answer.seconds if item.answer else 0.0,
                item.reason.sentence if item.reason else "",
                item.answer.by if item.answer else None,
            )
            for item in self._items.values()
            if item.state in {ItemState.ANSWERED, ItemState.FAILED}
        )
        self._screen.do(
            save,
            path,
            results,
            self._status.model_id,
            style,
            needs=import_core_modules,
            work="Saving the results",
            on_result=self.message.emit,
            on_failure=lambda reason: self.message.emit(reason.sentence),
        )

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel everything and end the threads.

        Returns:
            Whether all ended in time; loading TensorFlow, for example, cannot be interrupted.
        """
        self._cancel.cancel()
        self._cancel_load.cancel()
        return stop_all(self._lanes, seconds)

    # Reports of the workers

    def _on_loading(self, step: Loading) -> None:
        if step.input is not None:
            self._input = step.input
            self._previews.reading = step.input.pixels
            self._advance()
        self._loading = step
        if step.message:
            self._set_status(ModelStatus(step.model_id, step.model_name, ModelPhase.LOADING, step.message))

    def _on_loaded(self, status: ModelStatus) -> None:
        self._set_status(status)
        held, self._held = self._held, {}
        for number, decoded in held.items():
            self._predict(number, decoded)

    def _on_not_loaded(self, reason: Reason) -> None:
        known = self._loading
        self._set_status(ModelStatus(known.model_id, known.model_name, ModelPhase.FAILED, reason=reason))

    def _on_predicted(self, generation: int, number: int, answer: Answer) -> None:
        item = self._answered(generation, number)
        if item is not None:
            self._finish(replace(item, state=ItemState.ANSWERED, answer=answer))

    def _on_not_predicted(self, generation: int, number: int, reason: Reason) -> None:
        item = self._answered(generation, number)
        if item is not None:
            self._finish(replace(item, state=ItemState.FAILED, reason=reason))

    def _answered(self, generation: int, number: int) -> Item | None:
        """Take a picture back from the network; None if nobody waits for its result."""
        self._waiting.answered(number)
        item = self._items.get(number)
        if item is None or item.state is not ItemState.WAITING:
            return None
        if generation != self._generation:
            self._waiting.put_back(number, item.source)
            return None
        return item

    # Queueing

    def _search(self, folder: FileSource) -> None:
        """Find the pictures of a folder."""
        self._folders_open += 1
        self._pictures.do(
            find,
            folder.path,
            self._cancel.token,
            work="The search",
            on_progress=self._append,
            on_result=partial(self._on_found, folder.name),
            on_failure=partial(self._on_not_found, folder.name),
            on_end=self._on_searched,
            cancel=self._cancel.token,
        )

    def _on_found(self, name: str, found: Found) -> None:
        self._append_failed(found.unreadable)
        words = [] if found.count else [f"No pictures in '{name}'."]
        if found.left_out is not None:
            words.append(f"In '{name}': {found.left_out.sentence}")
        if words:
            self.message.emit(" ".join(words))

    def _on_not_found(self, name: str, reason: Reason) -> None:
        self.message.emit(f"The folder {name} could not be read: {reason.sentence}")

    def _on_searched(self) -> None:
        self._folders_open = max(0, self._folders_open - 1)
        self._advance()

    def _append(self, sources: Sequence[Source]) -> None:
        added = tuple(Item(number, source) for number, source in enumerate(sources, start=self._next_number))
        if not added:
            return
        self._next_number += len(added)
        for item in added:
            self._items[item.number] = item
            self._waiting.append(item.number, item.source)
        self._total += len(added)
        self.items_added.emit(added)
        self._advance()

    def _append_failed(self, unreadable: Sequence[tuple[Source, Reason]]) -> None:
        """List what cannot be read at all, such as a folder without permission."""
        failed = tuple(
            Item(number, source, ItemState.FAILED, reason=reason)
            for number, (source, reason) in enumerate(unreadable, start=self._next_number)
        )
        if failed:
            self._next_number += len(failed)
            self._items.update({item.number: item for item in failed})
            self.items_added.emit(failed)

    def _request_decoding(self, number: int, *, is_link: bool) -> None:
        if (fitting := self.fitting) is None:
            return
        (self._links if is_link else self._pictures).do(
            decode,
            self._shown_source(number),
            fitting,
            self._allow_private_hosts,
            self._cancel.token,
            work="Reading it",
            on_result=partial(self._on_decoded, self._generation, number),
            on_failure=partial(self._on_not_decoded, number),
            on_end=self._advance,
        )

    def _on_decoded(self, generation: int, number: int, decoded: Decoded | None) -> None:
        self._waiting.came_back(number)
        item = self._items.get(number)
        if item is None:
            return
        if decoded is not None and decoded.kept is not None:
            self._fetched.keep(number, decoded.kept)
            self._previews.source_arrived(number, decoded.kept)
        if item.state is not ItemState.WAITING:
            return
        if decoded is None:
            self._finish(replace(item, state=ItemState.CANCELLED))
        elif generation != self._generation:
            self._waiting.put_back(number, item.source)
        elif self._status.phase is ModelPhase.READY:
            self._predict(number, decoded)
        else:
            self._held[number] = decoded

    def _on_not_decoded(self, number: int, reason: Reason) -> None:
        self._waiting.came_back(number)
        item = self._items.get(number)
        if item is not None and item.state is ItemState.WAITING:
            self._finish(replace(item, state=ItemState.FAILED, reason=reason))

    def _advance(self) -> None:
        """Send out as many pictures as may be under way, and report the queue's progress."""
        if self._input is not None:
            room = len(self._held)
            for number, is_link in self._waiting.next_ones(held=room):
                self._request_decoding(number, is_link=is_link)
        if self._done >= self._total and not self._folders_open:
            self._done = self._total = 0
        self.progress_changed.emit(self._done, self._total)

    def _predict(self, number: int, decoded: Decoded) -> None:
        self._waiting.sent_to_network(number)
        self._network.do(
            self._inference.predict,
            decoded.pixels,
            decoded.fitting,
            decoded.seconds,
            decoded.layout,
            work="The model",
            on_result=partial(self._on_predicted, self._generation, number),
            on_failure=partial(self._on_not_predicted, self._generation, number),
            on_end=self._advance,
        )

    def _finish(self, item: Item) -> None:
        self._done += 1
        self._change(item)

    def _change(self, item: Item) -> None:
        self._items[item.number] = item
        self.item_changed.emit(item)

    def _set_status(self, status: ModelStatus) -> None:
        self._status = status
        self.model_changed.emit(status)

    def _shown_source(self, number: int) -> Source:
        """The picture itself if it has been fetched already, else its source."""
        return self._fetched.get(number) or self._items[number].source
