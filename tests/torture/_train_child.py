"""Trains a tiny network, or resumes training it, until it is killed; prints a line of JSON for each event."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_app.core.training import fit
from desktop_app.core.training.loop import callbacks
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import CheckpointSaved, EpochEnded, Finished, Started
from tests.core.training.tiny import stores_in, tiny_config


def main() -> None:
    folder, data, epochs, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    callbacks.CHECKPOINT_SECONDS = 0.05  # so that kills find checkpoints from within epochs too
    runs, library = stores_in(folder)
    runs.sweep()
    token = TrainingControl().token
    entries = runs.list()
    if entries and entries[0].record.state == "finished":  # killed between its last file and its last word
        print(json.dumps({"status": "finished", "message": entries[0].record.message}), flush=True)
    elif entries:
        fit.resume(
            entries[0].record.run_id,
            tell,
            token,
            runs=runs,
            library=library,
            make_executor=ThreadPoolExecutor,
        )
    else:
        config = tiny_config(data, epochs=epochs, seed=seed, batch_size=2)
        fit.train(config, tell, token, runs=runs, library=library, make_executor=ThreadPoolExecutor)


def tell(event) -> None:
    match event:
        case Started():
            line = {"started": len(event.history)}
        case EpochEnded():
            line = {"epoch": event.metrics.epoch}
        case CheckpointSaved():
            line = {"checkpoint": event.epoch, "step": event.step}
        case Finished():
            line = {"status": event.result.status, "message": event.result.reason.text}
        case _:
            return
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
