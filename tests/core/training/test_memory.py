from __future__ import annotations

import gc

import pytest

from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded
from tests.core.training.tiny import make_data, stores_in, tiny_config

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def living():
    """Graphs, variables and networks in memory, by identity."""
    import keras
    import tensorflow as tf
    from tensorflow.python.framework.func_graph import FuncGraph

    gc.collect()
    kinds = (FuncGraph, tf.Variable, keras.Model)
    return {id(thing): type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, kinds)}


@pytest.mark.parametrize("cancelled", [True, False])
def test_nothing_of_a_run_stays_in_memory(tmp_path, cancelled):
    data = make_data(tmp_path / "data")
    runs, library = stores_in(tmp_path)
    before = living()
    control = TrainingControl()

    def cancel(event):
        if cancelled and isinstance(event, BatchEnded):
            control.cancel()

    result = fit.train(tiny_config(data), cancel, control.token, runs=runs, library=library)
    assert result.status == ("cancelled" if cancelled else "finished")
    assert [kind for identity, kind in living().items() if identity not in before] == []
