"""The limits of the inspection, which other tests lower instead of writing files as large as these."""

from __future__ import annotations

import pytest

from desktop_app.core.library.inspection.containers import archive, limits
from desktop_app.core.library.inspection.keras.network import fields, graph
from tests.hostile_models.low_limits import LOW, LOW_MEMBERS


def test_the_limits_are_these():
    assert (limits.MAX_ARCHIVE_BYTES, limits.MAX_CONFIG_BYTES) == (2**31 - 1, 2**23)
    assert (limits.MAX_METADATA_BYTES, archive._MAX_DIRECTORY_BYTES, archive._MAX_MEMBERS) == (
        2**16,
        2**16,
        16,
    )
    assert (limits.MAX_WEIGHT_BYTES, limits.MAX_UNPACKED_BYTES) == (3 * 2**29, 2**28)
    assert (limits.MAX_EXPANSION, limits.MAX_FACTORISING) == (100, 2**31)
    assert (limits.MAX_JSON_DEPTH, limits.MAX_JSON_VALUES) == (64, 500_000)
    assert (limits.MAX_MODEL_DEPTH, limits.MAX_CALLS, graph._MAX_ROUNDS) == (8, 5_000, 8)
    assert (limits.MAX_TENSOR_ELEMENTS, limits.MAX_RESULT_BYTES) == (2**26, 2**28)
    assert (limits.MAX_OPERATIONS, limits.MAX_PARAMETERS) == (2 * 10**11, 2**28)
    assert (limits.MAX_STEPS, limits.MAX_RECURRENT_UNITS, fields.MAX_UNITS) == (4096, 1024, 2**20)
    assert (limits.MAX_SIDE, limits.MAX_OUTPUTS) == (4096, 100_000)
    assert (limits.MAX_HDF5_OBJECTS, limits.MAX_HDF5_DEPTH) == (20_000, 64)


def test_each_part_of_an_archive_has_its_limit():
    assert {
        name: archive.KERAS_MEMBERS[name] for name in (archive.CONFIG, archive.METADATA, archive.WEIGHTS)
    } == {
        "config.json": limits.MAX_CONFIG_BYTES,
        "metadata.json": limits.MAX_METADATA_BYTES,
        "model.weights.h5": limits.MAX_ARCHIVE_BYTES,
    }


@pytest.mark.parametrize("module", LOW, ids=lambda module: module.__name__.rpartition(".")[2])
def test_what_is_lowered_are_the_limits_that_are_used(module):
    for name, low in LOW[module].items():
        real = getattr(module, name)
        assert real > low
        assert real == getattr(limits, name, real)
    assert all(archive.KERAS_MEMBERS[name] > low for name, low in LOW_MEMBERS.items())
