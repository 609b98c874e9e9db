"""``sightline classify --scheduler``: the job of a folder, classified by the workers of a Dask cluster."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from tqdm import tqdm

from desktop_app.commands.classify_batch import carry_out
from desktop_app.commands.threads import decoding_threads
from desktop_app.core.batch.run.answering import BATCH_SIZE
from desktop_app.core.batch.run.cluster import run_on_cluster
from desktop_app.core.batch.run.cluster_link import connect
from desktop_app.core.classify.loader import usable_model
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from desktop_app.core.images.sources import FileSource
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.library.store import Library


def classify_on_cluster(
    options: argparse.Namespace,
    sources: Sequence[FileSource],
    model_id: str,
    library: Library,
    choice: EngineChoice,
) -> int:
    """Classify files and folders as one job whose pictures the workers of a cluster read and classify.

    Returns:
        An exit status, as for `commands.classify.classify`.

    Raises:
        SightlineError: The model, the cluster, the job or the output cannot be used; what was answered is in
            the job.
    """
    card = usable_model(model_id, library).card
    assert card is not None
    with connect(options.scheduler) as link:
        link.check(_folders(source.path for source in sources))
        print(
            f"{card.name} ({card.id}) runs on {counted(link.workers, 'worker')} of {link.address}.",
            file=sys.stderr,
        )
        work = partial(
            run_on_cluster,
            card=card,
            link=link,
            on_notice=lambda sentence: tqdm.write(sentence, file=sys.stderr),
            batch_size=options.batch_size or BATCH_SIZE,
            parallel=options.jobs,
            choice=choice,
            make_executor=decoding_threads,
        )
        return carry_out(options, sources, card, work)


def _folders(paths: Iterable[Path]) -> list[str]:
    """List the folders that workers must see: the named ones, and those of named files, if they exist."""
    named = (path if os.path.isdir(path) else path.parent for path in paths)  # noqa: PTH112 - raises never
    folders = dict.fromkeys(os.path.abspath(folder) for folder in named)  # noqa: PTH100 - for any name
    return [folder for folder in folders if os.path.isdir(folder)]  # noqa: PTH112
