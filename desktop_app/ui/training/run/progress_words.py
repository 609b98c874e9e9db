"""Where a fit stands, in words and as a fraction of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import remaining

if TYPE_CHECKING:
    from desktop_app.core.training.records.events import BatchEnded, Preparing


def place_words(event: BatchEnded, epochs: int | None) -> str:
    """Such as "Epoch 3 of 25, batch 12 of 19"."""
    of = f" of {epochs:,}" if epochs else ""
    return f"Epoch {event.epoch:,}{of}, batch {event.step:,} of {event.steps:,}"


def batch_words(event: BatchEnded, epochs: int | None) -> str:
    """Such as "Epoch 3 of 25, batch 12 of 19 · 412 pictures/s · 2 min left"."""
    parts = [place_words(event, epochs)]
    if event.pictures_per_second > 0:
        rate = event.pictures_per_second
        parts.append(f"{rate:,.0f} pictures/s" if rate >= 10 else f"{rate:.1f} pictures/s")
    if event.seconds_left is not None:
        parts.append(f"{remaining(event.seconds_left)} left")
    return " · ".join(parts)


def run_words(done: int, epochs: int, *, paused: bool) -> str:
    """Such as "Epoch 4 of 25" or "Paused after epoch 3 of 25"."""
    if not done:
        return "Paused in the first epoch" if paused and epochs else "Paused" if paused else "Running"
    if paused:
        return f"Paused after epoch {done:,} of {epochs:,}"
    return f"Epoch {done + 1:,} of {epochs:,}" if done < epochs else f"All {epochs:,} epochs done"


def preparing_words(event: Preparing) -> str:
    """Such as "Reading pictures 120 of 600"."""
    if event.total is None:
        return f"{event.message} {event.done:,}" if event.done else f"{event.message}…"
    return f"{event.message} {event.done:,} of {event.total:,}"


def batch_part(event: BatchEnded, epochs: int) -> float:
    """The fraction of the run that is done, 0 to 1."""
    return min((event.epoch - 1 + event.step / event.steps) / epochs, 1.0)
