"""Whatever lies in the folders of a data set, and whatever becomes of it: training ends with a model."""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.foundation.text import printable
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import Started
from tests.core.datasets.odd_files import distinct_picture, make_classes
from tests.core.images.samples import encode
from tests.core.training.tiny import stores_in, tiny_config
from tests.torture import odd_training, paths

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

LONG = 200


def make_odd_folder(folder):
    """Add what folders of pictures have in them; returns the good files and the bad ones."""
    picture = [distinct_picture(100 + number) for number in range(7)]
    grey = Image.fromarray(np.asarray(picture[2].convert("L")).astype(np.uint16) * 257)
    whole = encode(picture[6], "JPEG")
    good = {
        "animated.gif": encode(picture[0], "GIF"),
        "cmyk.jpg": encode(picture[1].convert("CMYK"), "JPEG"),
        "16-bit.png": encode(grey, "PNG"),
        "photo.webp": encode(picture[3], "WEBP"),
        "k\N{LATIN SMALL LETTER A WITH DIAERESIS}tzchen \N{CAT FACE}.jpg": encode(picture[4], "JPEG"),
        "x" * (LONG - 4) + ".jpg": encode(picture[5], "JPEG"),
    }
    bad = {"truncated.jpg": whole[: len(whole) // 2], "text.jpg": b"This is text.\n", "empty.jpg": b""}
    for name, data in (good | bad).items():
        (folder / name).write_bytes(data)
    (folder / "loop").symlink_to(folder.parent, target_is_directory=True)
    return len(good), [folder / name for name in bad]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_odd_files_are_used_or_listed(tmp_path):
    data = make_classes(tmp_path / "data", {"cats": 6, "dogs": 6})
    good, bad = make_odd_folder(data / "cats")
    runs, library = stores_in(tmp_path)
    events = []
    token = TrainingControl().token
    result = fit.train(tiny_config(data), events.append, token, runs=runs, library=library)
    assert result.status == "finished", result
    log = (runs.get(result.run_id).folder / "log.txt").read_text(encoding="utf-8")
    left_out = [line.partition("Skipped: ")[2] for line in log.splitlines() if "Skipped: " in line]
    assert sorted(line.partition(": ")[0] for line in left_out) == sorted(
        printable(str(path)) for path in bad
    )
    assert all(line.endswith(".") and len(line.partition(": ")[2].split()) > 2 for line in left_out)
    [started] = [event for event in events if isinstance(event, Started)]
    assert started.train + started.validation + started.test == 12 + good
    assert not library.get(result.model_id).problem


@pytest.mark.skipif(os.name != "posix", reason="pipes and names of bytes exist only on POSIX")
def test_files_that_go_bad_meanwhile_end_no_training():
    assert "0 aborts" in odd_training.run(4)


@pytest.mark.skipif(os.name != "posix", reason="names of bytes exist only on POSIX")
def test_any_path_works():
    assert "each model loaded again" in paths.train_everywhere(1)
