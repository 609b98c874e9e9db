"""Stores are filled with what can be read, say what cannot, and give their memory back."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.pipeline import picture_store
from desktop_app.core.datasets.pipeline.allocation import allocate
from desktop_app.core.datasets.pipeline.arrays import PictureStore
from desktop_app.core.datasets.pipeline.picture_store import fill, fill_features
from desktop_app.core.foundation.errors import Cancelled, StorageError

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

SIZE = 8


@pytest.fixture
def files(tmp_path):
    """Twenty plain pictures, each with its number as its red."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    paths = [folder / f"{number:02}.png" for number in range(20)]
    for number, path in enumerate(paths):
        Image.new("RGB", (12, 9), (number, 100, 200)).save(path)
    return paths


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def filled(paths, scratch, *, size=SIZE, bad=None, **options):
    return fill(
        paths,
        height=size,
        width=size,
        folder=scratch,
        on_progress=options.pop("on_progress", lambda _done, _total: None),
        on_bad=lambda path, reason: bad.append((path.name, reason)),
        make_executor=ThreadPoolExecutor,
        **options,
    )


@pytest.mark.parametrize("limit", [None, 0])
def test_rows_are_in_the_order_of_the_paths(files, scratch, limit):
    with filled(files, scratch, memory_limit=limit) as store:
        assert (store.pixels.shape, store.pixels.dtype) == ((20, SIZE, SIZE, 3), np.uint8)
        assert store.on_disk is (limit == 0)
        assert len(store) == 20
        assert store.good.all()
        for number, picture in enumerate(store.pixels):
            assert (picture == (number, 100, 200)).all()


def test_what_cannot_be_read_is_told_with_its_reason_and_left_out(files, scratch):
    files[3].write_bytes(files[3].read_bytes()[:45])
    files[7].write_bytes(b"")
    files[11].write_text("hello")
    files[15].unlink()
    bad, threads = [], set()

    def note(path, reason):
        threads.add(threading.get_ident())
        bad.append((path.name, reason))

    with fill(
        files,
        height=SIZE,
        width=SIZE,
        folder=scratch,
        on_progress=lambda *_counts: None,
        on_bad=note,
        make_executor=ThreadPoolExecutor,
    ) as store:
        assert np.flatnonzero(~store.good).tolist() == [3, 7, 11, 15]
        assert not store.pixels[~store.good].any()
        assert (store.pixels[16, 0, 0] == (16, 100, 200)).all()
    reasons = dict(bad)
    assert sorted(reasons) == ["03.png", "07.png", "11.png", "15.png"]
    assert reasons["07.png"] == "The file is empty (0 bytes)."
    assert reasons["15.png"] == "The file is no longer there."
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "not enough free memory"),
        (ZeroDivisionError("a defect"), "a defect"),
        (ValueError("\udcff"), "cannot be read"),
    ],
)
def test_nothing_that_a_decoder_raises_ends_the_rest(files, scratch, monkeypatch, error, reason):
    read = picture_store.read_prepared

    def failing(path, *how):
        if path == files[5]:
            raise error
        return read(path, *how)

    monkeypatch.setattr(picture_store, "read_prepared", failing)
    bad = []
    with filled(files, scratch, bad=bad) as store:
        assert np.flatnonzero(~store.good).tolist() == [5]
    assert [name for name, _reason in bad] == ["05.png"]
    assert reason in bad[0][1]


def test_names_that_are_not_valid_text_are_read(files, scratch):
    odd = files[0].with_name(os.fsdecode(b"\xff\xfe \n.png"))
    try:
        files[0].rename(odd)
    except OSError:
        pytest.skip("this file system takes valid text only")
    with filled([odd, files[1]], scratch) as store:
        assert store.good.all()


def test_several_pictures_are_read_at_the_same_time(files, scratch, monkeypatch):
    """Each reader waits until another one has begun too."""
    monkeypatch.setattr(picture_store, "parallel_for", lambda _bytes: 2)
    both = threading.Barrier(2, timeout=20)

    def read(_path, *_size):
        both.wait()
        return 5

    monkeypatch.setattr(picture_store, "read_prepared", read)
    with filled(files, scratch) as store:
        assert store.good.all()


def test_progress_ends_with_all(files, scratch):
    told = []
    filled(files, scratch, on_progress=lambda done, total: told.append((done, total))).close()
    assert told[-1] == (20, 20)
    assert told == sorted(told)
    assert len(told) <= 20


def test_no_files_make_an_empty_store(scratch):
    with filled([], scratch) as store:
        assert store.pixels.shape == (0, SIZE, SIZE, 3)


@pytest.mark.parametrize("limit", [None, 0])
def test_a_check_that_raises_ends_the_reading_at_once_and_keeps_nothing(files, scratch, monkeypatch, limit):
    read, count = [], 0
    stores = []
    monkeypatch.setattr(picture_store, "read_prepared", lambda path, *size: read.append(path) or 0)
    make = picture_store.allocate

    def watched(*arguments):
        rows, on_disk = make(*arguments)
        stores.append(weakref.ref(rows))
        return rows, on_disk

    monkeypatch.setattr(picture_store, "allocate", watched)

    def check():
        nonlocal count
        count += 1
        if count == 4:
            raise Cancelled

    gc.disable()
    try:
        with pytest.raises(Cancelled):
            filled(files * 50, scratch, check=check, memory_limit=limit)
        assert stores[0]() is None
    finally:
        gc.enable()
    assert len(read) <= picture_store.AHEAD
    assert list(scratch.iterdir()) == []


def test_a_check_ends_the_reading_while_a_picture_takes_long(files, scratch, monkeypatch):
    cancelled = threading.Event()
    in_time = []
    checks = iter((None, None, Cancelled()))

    def check():
        if (error := next(checks)) is not None:
            cancelled.set()
            raise error

    def read(_path, *_size):
        in_time.append(cancelled.wait(60))
        return 0

    monkeypatch.setattr(picture_store, "read_prepared", read)
    with pytest.raises(Cancelled):
        filled(files, scratch, check=check)
    assert in_time
    assert all(in_time)


def test_too_small_a_disk_is_a_sentence_before_any_picture_is_read(files, scratch, monkeypatch):
    monkeypatch.setattr("desktop_app.core.foundation.storage.free_space", lambda _folder: 10)
    with pytest.raises(StorageError, match="too full"):
        filled(files, scratch, memory_limit=0)


@pytest.mark.parametrize("limit", [None, 0])
def test_the_tensor_shares_the_memory(files, scratch, limit):
    with filled(files, scratch, memory_limit=limit) as store:
        tensor = store.tensor()
        store.pixels[4, 2, 1] = (9, 8, 7)
        assert tensor[4, 2, 1].numpy().tolist() == [9, 8, 7]
        assert tensor.shape == (20, SIZE, SIZE, 3)
        assert tensor.device.endswith("CPU:0")


def test_a_closed_store_has_no_rows_and_a_tensor_outlives_it(files, scratch):
    store = filled(files, scratch, memory_limit=0)
    tensor = store.tensor()
    rows = weakref.ref(store.pixels)
    store.close()
    store.close()
    assert len(store) == 0
    assert tensor[3, 0, 0].numpy().tolist() == [3, 100, 200]
    del tensor
    assert rows() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_filling_and_closing_again_and_again_does_not_grow(files, scratch):
    command = [sys.executable, "-m", "tests.core.datasets._fill_cycles", files[0], scratch]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    for line in done.stdout.splitlines():
        while_there, afterwards = map(int, line.split())
        assert while_there < 90_000_000  # one copy: 52.5 MB
        assert afterwards < 20_000_000
    assert len(done.stdout.splitlines()) == 2


@pytest.fixture
def pictures():
    rows, _on_disk = allocate((10, 6, 6, 3), np.uint8, Path())
    rows[:] = np.random.default_rng(2).integers(0, 256, rows.shape)
    return PictureStore(rows, np.arange(10) != 4, on_disk=False)


@pytest.fixture
def backbone(engine):
    import keras

    picture = keras.Input((6, 6, 3))
    return keras.Model(picture, keras.layers.AveragePooling2D(3)(picture))


@pytest.mark.parametrize("limit", [None, 0])
def test_features_are_what_the_backbone_answers(pictures, backbone, scratch, limit):
    told = []
    with fill_features(
        pictures,
        backbone,
        preprocessing="unit",
        channels=3,
        batch_size=4,
        folder=scratch,
        on_progress=lambda done, total: told.append((done, total)),
        memory_limit=limit,
    ) as features:
        assert (features.features.shape, features.features.dtype) == ((10, 2, 2, 3), np.float32)
        assert features.on_disk is (limit == 0)
        blocks = (pictures.pixels / 255).reshape(10, 2, 3, 2, 3, 3).mean((2, 4))
        blocks[4] = 0
        assert features.features == pytest.approx(blocks, abs=1e-6)
        assert features.good.tolist() == pictures.good.tolist()
        assert features.tensor().shape == (10, 2, 2, 3)
    assert told[-1] == (9, 9)


def test_a_check_that_raises_ends_the_computing_of_features(pictures, backbone, scratch):
    checks = []

    def check():
        checks.append(1)
        if len(checks) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        fill_features(
            pictures,
            backbone,
            preprocessing="none",
            channels=3,
            batch_size=4,
            folder=scratch,
            on_progress=lambda *_counts: None,
            check=check,
            memory_limit=0,
        )
    assert len(checks) == 2
    assert list(scratch.iterdir()) == []
