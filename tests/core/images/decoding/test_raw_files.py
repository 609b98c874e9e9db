import io
import struct

import pytest

from desktop_app.core.images.decoding.raw_files import is_camera_raw

WIDTH, COMPRESSION, PHOTOMETRIC, MAKE, SUB_IFDS, DNG_VERSION = 256, 259, 262, 271, 330, 50706
SHORT, LONG = 3, 4


def directory(entries, at, following=0, order="<"):
    """A directory that begins at a place in the file; the values stand in the entries themselves."""
    data = struct.pack(f"{order}H", len(entries))
    for tag, value in entries:
        data += struct.pack(f"{order}HHIHH", tag, SHORT, 1, value, 0)
    return data + struct.pack(f"{order}I", following)


def tiff(*directories, order="<"):
    """A TIFF of directories, one after the other."""
    data = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    for number, entries in enumerate(directories):
        following = len(data) + 2 + 12 * len(entries) + 4 if number + 1 < len(directories) else 0
        data += directory(entries, len(data), following, order)
    return data


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    "mark", [(PHOTOMETRIC, 32803), (PHOTOMETRIC, 34892), (COMPRESSION, 34713), (DNG_VERSION, 1)]
)
def test_raw_data_in_any_directory_make_a_file_raw(mark, order):
    thumbnail = [(WIDTH, 160), (PHOTOMETRIC, 2)]

    assert is_camera_raw(io.BytesIO(tiff([*thumbnail, mark], order=order)))
    assert is_camera_raw(io.BytesIO(tiff(thumbnail, [(WIDTH, 640), mark], order=order)))


def test_raw_data_below_a_directory_make_a_file_raw():
    first = tiff([(WIDTH, 160), (SUB_IFDS, 38)])
    below = directory([(PHOTOMETRIC, 32803)], len(first))

    assert len(first) == 38
    assert is_camera_raw(io.BytesIO(first + below))


@pytest.mark.parametrize("mark", [b"CR\2\0", b"IIII"])
def test_marks_behind_the_header_make_a_file_raw(mark):
    assert is_camera_raw(io.BytesIO(b"II*\0\x10\0\0\0" + mark + bytes(20)))


@pytest.mark.parametrize(
    "data",
    [
        tiff([(WIDTH, 160), (PHOTOMETRIC, 2), (COMPRESSION, 1)], [(WIDTH, 640), (PHOTOMETRIC, 6)]),
        b"II*\0\x08\0\0\0\xff\xff",
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0" + directory([(WIDTH, 1)], 8, following=8),
        b"II*\0",
    ],
    ids=["photograph", "directory cut off", "directory beyond the end", "circle", "header cut off"],
)
def test_other_files_are_not_raw(data):
    stream = io.BytesIO(data)

    assert not is_camera_raw(stream)
    assert stream.tell() == 0
