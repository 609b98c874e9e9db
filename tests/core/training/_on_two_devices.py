"""Trains on two devices, the processor shown to TensorFlow as two; prints how both halves of the run end."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded
from tests.core.training.tiny import make_data, stores_in, tiny_config


def main() -> None:
    load_engine()
    import tensorflow as tf

    [processor] = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    fit.distribution = lambda: strategy  # in place of the search for GPUs
    folder = Path(sys.argv[1])
    runs, library = stores_in(folder)
    control = TrainingControl()

    def interrupt(event):
        if isinstance(event, BatchEnded) and event.epoch == 2:
            control.interrupt()

    config = tiny_config(make_data(folder / "data"))
    first = fit.train(config, interrupt, control.token, runs=runs, library=library)
    second = fit.resume(first.run_id, lambda event: None, TrainingControl().token, runs=runs, library=library)
    print(strategy.num_replicas_in_sync, first.status, second.status, second.epochs)


if __name__ == "__main__":
    main()
