import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_fitted, read_image, read_preview
from desktop_app.core.images.decoding.fitting import Fitting
from tests.core.images.mutations import MUTATIONS, mutate, repair_png
from tests.core.images.samples import valid_files
from tests.torture import pictures

steps = st.lists(st.sampled_from(MUTATIONS), max_size=6)
sizes = st.tuples(st.integers(1, 300), st.integers(1, 300))


def is_picture_or_refused(data, size=(32, 32)):
    try:
        pixels = read_image(data)
        fitted = read_fitted(data, Fitting(*size, "squash"))
        preview, full_size = read_preview(data, 100)
    except UnreadableImage as error:
        return bool(str(error)) and bool(error.advice)
    good = pixels.dtype == np.uint8 and pixels.shape[2] == 3 and pixels.flags.c_contiguous
    return good and fitted.shape == (*size, 3) and max(preview.shape[:2]) <= 100 and min(full_size) >= 1


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(valid_files())),
    st.lists(st.sampled_from(MUTATIONS), max_size=6),
    st.randoms(),
    sizes,
)
def test_a_damaged_picture_is_read_or_refused(name, mutations, dice, size):
    data = bytearray(valid_files()[name])
    for mutation in mutations:
        mutation(data, dice)
    if data.startswith(b"\x89PNG"):
        repair_png(data)

    assert is_picture_or_refused(bytes(data), size)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(sorted({name.split()[0] for name in valid_files()})), st.binary(max_size=400))
def test_noise_behind_a_good_beginning_is_read_or_refused(name, noise):
    assert is_picture_or_refused(valid_files()[name][:40] + noise)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_noise_is_refused(noise):
    assert is_picture_or_refused(noise)


def test_mutations_are_reproducible_and_change_the_file():
    files = valid_files()
    changed = [mutate(files, seed)[1] != files[mutate(files, seed)[0]] for seed in range(50)]

    assert [mutate(files, seed) for seed in range(50)] == [mutate(files, seed) for seed in range(50)]
    assert sum(changed) > 40


def test_repaired_checksums_are_right():
    data = bytearray(valid_files()["PNG"])
    broken = bytearray(data)
    broken[29:33] = random.Random(0).randbytes(4)

    repair_png(broken)

    assert broken == data


def test_the_promise_at_small_size():
    assert "0 crashes, 0 hangs" in pictures.run(300)
