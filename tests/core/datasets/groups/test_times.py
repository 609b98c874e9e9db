import numpy as np
import pytest
from PIL import ExifTags, Image

from desktop_app.core.datasets.groups.times import bursts, time_in_name, time_taken

SECOND = time_in_name("20230101_123456.jpg")


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("IMG_20230101_123456.jpg", 0),
        ("IMG_20230101_123456_BURST1.jpg", 0),
        ("2023-01-01 12.34.57.png", 1),
        ("Screenshot 2023-01-01 at 12.35.06.png", 10),
        ("PXL_20230101_123456789.jpg", 0.789),
        ("20230101T123456.jpg", 0),
        ("cam1_20230102123456_7.jpg", 86_400),
    ],
)
def test_the_time_in_a_name_is_read(name, later):
    assert time_in_name(name) == pytest.approx(SECOND + later)


@pytest.mark.parametrize(
    "name", ["img_0001.jpg", "20231301_123456.jpg", "20230101.jpg", "1234567890123456.jpg", "20230231_101010"]
)
def test_other_numbers_are_no_times(name):
    assert time_in_name(name) is None


def picture(path, when="", thousandths=""):
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if when:
        details[ExifTags.Base.DateTimeOriginal] = when
    if thousandths:
        details[ExifTags.Base.SubsecTimeOriginal] = thousandths
    Image.new("RGB", (8, 8)).save(path, exif=exif)
    return path


def test_the_camera_s_time_goes_before_the_name_s(tmp_path):
    path = tmp_path / "20230101_123456.jpg"
    assert time_taken(picture(path, "2023:01:01 12:34:58", "25")) == SECOND + 2.25
    assert time_taken(picture(path)) == SECOND
    assert time_taken(picture(path, "0000:00:00 00:00:00")) == SECOND
    assert time_taken(picture(tmp_path / "a.jpg")) is None
    broken = tmp_path / "20230101_123457.jpg"
    broken.write_bytes(b"no picture")
    assert time_taken(broken) == SECOND + 1


def test_a_burst_ends_with_a_pause():
    times = [100.0, None, 0.0, 9.0, 19.0, 30.5, None, 110.0]
    roots = bursts(times, 10)
    assert roots.tolist() == [0, 1, 2, 2, 2, 5, 6, 0]
    assert bursts([], 10).tolist() == []
    assert bursts([None], 10).tolist() == [0]
    assert len(np.unique(bursts([float(n) for n in range(100)], 0.5))) == 100
