"""Promise 5, its second half: one bad file never ends a training, not even one that goes bad meanwhile."""

from __future__ import annotations

import os
import time

from tests.torture.datasets import run_watched

FULL = 40


def run(count: int) -> str:
    """Train on ``count`` data sets full of odd files, with pictures that vanish and change meanwhile.

    Returns:
        The sentence with the figures.
    """
    assert os.name == "posix", "pipes and names of bytes exist only on POSIX"
    started = time.monotonic()
    good, bad = run_watched("tests.torture._train_odd", count)
    each = (time.monotonic() - started) / count
    return (
        f"{count} trainings on data sets with up to {-(-bad // count)} bad files each, some of them bad only "
        f"since they were examined, read or learned from: 0 aborts, 0 hangs, all {bad:,} listed with their "
        f"reason, all {good:,} good pictures used; {each:.1f} s each."
    )
