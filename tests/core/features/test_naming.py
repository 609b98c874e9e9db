"""Names from the last layer of the network of the box."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.features.naming import naming
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.store import Library
from desktop_app.core.networks.efficientnet_lite import FEATURES


@pytest.mark.engine
def test_a_row_of_the_last_layer_is_called_by_its_label():
    library = Library.default()
    import_h5py()
    import h5py

    entry = library.get("imagenet-small")
    with h5py.File(entry.weights, "r") as file:
        kernel = file["predictions"]["kernel"][()]
    assert kernel.shape == (FEATURES, 1000)
    wanted = [3, 281, 999]
    rows = 100 * kernel[:, wanted].T
    assert naming(library)(np.asarray(rows, np.float32)) == [
        entry.card.classes[place].readable for place in wanted
    ]
    assert naming(library)(np.zeros((1, FEATURES), np.float32)) == [""]


def test_without_the_network_there_are_no_names(tmp_path):
    with pytest.raises(ModelError):
        naming(Library(tmp_path / "a", tmp_path / "b", tmp_path / "c"))
