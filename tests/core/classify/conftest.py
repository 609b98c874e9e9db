from __future__ import annotations

import pytest

from tests.vgg19_file import write_vgg19_weights


@pytest.fixture(scope="session")
def vgg19_weights(tmp_path_factory):
    return write_vgg19_weights(tmp_path_factory.mktemp("vgg19") / "vgg19_weights.h5")
