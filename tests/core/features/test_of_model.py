"""Features of a model that gives nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.features.extract import BUILT_IN, cache_file
from desktop_app.core.features.of_model import source_of_model
from desktop_app.core.features.similar import find_similar
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.store import Library
from tests.meanings import AMOUNTS, FEATURES, install, plain

pytestmark = pytest.mark.engine


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


def test_they_order_pictures_and_are_kept_in_a_file_of_their_own(library, tmp_path):
    install(library, FEATURES)
    source, compute = source_of_model("colours", library)
    assert source.width == 3
    assert compute(plain(30, 40, 0)[None]) == pytest.approx(np.array([[0.6, 0.8, 0]]), abs=1e-6)
    paths = []
    for name, colour in (("red", (250, 0, 0)), ("orange", (250, 120, 0)), ("blue", (0, 0, 250))):
        paths.append(tmp_path / f"{name}.png")
        Image.new("RGB", (20, 10), colour).save(paths[-1])
    found = find_similar(paths[0], paths, make_compute=lambda: compute, source=source)
    assert [path.stem for path in found.paths] == ["orange", "blue"]
    assert found.cosines == pytest.approx((250 / np.hypot(250, 120), 0), abs=1e-3)
    assert cache_file(source).is_file()
    assert cache_file(source) != cache_file(BUILT_IN)

    def make_nothing():
        pytest.fail("All features are known.")

    assert find_similar(paths[1], paths, make_compute=make_nothing, source=source).paths[0] == paths[0]


def test_models_for_something_else_compare_nothing(library):
    install(library, AMOUNTS)
    with pytest.raises(ModelError, match="can't compare pictures"):
        source_of_model("colours", library)
