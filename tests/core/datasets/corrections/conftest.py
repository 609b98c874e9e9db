import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def data(tmp_path):
    """A folder with four pictures of cats and four of dogs, all different."""
    random = np.random.default_rng(0)
    folder = tmp_path / "data"
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for number in range(4):
            pixels = random.integers(0, 256, (24, 24, 3), np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder
