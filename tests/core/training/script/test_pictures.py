"""A script decodes and fits pictures as the training does."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.training.script.script import script_of
from tests.core.training.script.made import begun, loaded
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.small_backbone import tiny_lite

__all__ = ["tiny_lite"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "tiny_lite")]

SQUASHED, CROPPED = ("two-block-cnn", {}), ("pretrained", {"random_weights": True, "head": "linear"})


def noise(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def smooth(width, height, mode="RGB"):
    """A picture with structure, of which neighbours resemble each other."""
    return Image.fromarray(noise(6, 8, 3)).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def swapped():
    """An ICC profile of sRGB in which red and blue have changed places."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return srgb.replace(b"rXYZ", b"#XYZ").replace(b"bXYZ", b"rXYZ").replace(b"#XYZ", b"bXYZ")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Files of many kinds."""
    folder = tmp_path_factory.mktemp("kinds")
    smooth(90, 60).save(folder / "plain.png")
    smooth(1700, 1300).save(folder / "large.jpg")
    smooth(1300, 700, "L").save(folder / "grey.jpg")
    smooth(300, 200, "CMYK").save(folder / "print.jpg")
    smooth(90, 60, "P").save(folder / "palette.gif")
    smooth(90, 60, "1").save(folder / "bits.png")
    see_through = smooth(90, 60).convert("RGBA")
    see_through.putalpha(smooth(90, 60, "L"))
    see_through.save(folder / "alpha.png")
    see_through.convert("LA").save(folder / "grey alpha.png")
    smooth(90, 60, "P").save(folder / "palette alpha.png", transparency=3)
    exif = Image.Exif()
    exif[0x0112] = 6
    smooth(90, 60).save(folder / "turned.jpg", exif=exif)
    smooth(90, 60).save(folder / "profile.png", icc_profile=swapped())
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    smooth(90, 60).save(folder / "srgb.jpg", icc_profile=srgb)
    smooth(90, 60).save(folder / "damaged profile.png", icc_profile=b"nothing")
    smooth(400, 60).save(folder / "long.png")
    return sorted(folder.iterdir())


def script(tmp_path, recipe, changes, answers=None):
    more = {} if answers is None else {"answers": answers}
    runs, _library = stores_in(tmp_path)
    config = tiny_config(
        make_data(tmp_path / "data"), recipe=recipe, **({"input_size": 32} | changes), **more
    )
    return loaded(script_of(begun(runs, config), in_folder=False).text, tmp_path)


@pytest.mark.parametrize(("recipe", "changes"), [SQUASHED, CROPPED], ids=["squash", "crop"])
def test_every_kind_of_picture_has_the_pixels_of_the_training(recipe, changes, pictures, tmp_path):
    module = script(tmp_path, recipe, changes)
    fit = "crop" if recipe == "pretrained" else "squash"
    assert len(pictures) == 14
    for path in pictures:
        wanted = read_fitted(path, Fitting(32, 32, fit))
        np.testing.assert_array_equal(module.read_picture(path), wanted, err_msg=path.name)


def test_profiles_are_followed(pictures, tmp_path):
    by_name = {path.name: path for path in pictures}
    module = script(tmp_path, *SQUASHED)
    plain = module.read_picture(by_name["plain.png"]).astype(int)
    assert abs(module.read_picture(by_name["profile.png"]).astype(int) - plain).max() > 30


def test_of_long_pictures_the_centre_is_seen_where_that_was_chosen(pictures, tmp_path):
    reading = PixelReading(thin="crop")
    module = script(tmp_path, *SQUASHED, answers=Answers(pixels=reading))
    for path in pictures:
        wanted = read_fitted(path, Fitting(32, 32, "squash", 1.0, reading))
        np.testing.assert_array_equal(module.read_picture(path), wanted, err_msg=path.name)


def test_more_than_8_bits_and_what_is_no_picture_are_skipped_with_a_word(tmp_path, capsys):
    module = script(tmp_path, *SQUASHED)
    (path, _name), *rest = module.pictures_of("train")
    other = rest[0][0]
    Image.fromarray(noise(9, 9).astype(np.uint16) * 200).save(path)
    other.write_text("no picture")
    pixels, labels = module.load("train")
    assert len(pixels) == len(labels) == len(rest) - 1
    output = capsys.readouterr()
    assert f"{path} is skipped: its colours (I;16) are not 8-bit" in output.err
    assert f"{other} is skipped: cannot identify" in output.err
    assert "train: 10 pictures, 12 in Sightline: results will differ." in output.out


def test_a_missing_folder_and_a_missing_list_end_with_a_sentence(tmp_path):
    runs, _library = stores_in(tmp_path)
    data = make_data(tmp_path / "data")
    entry = begun(runs, tiny_config(data))
    module = loaded(script_of(entry, in_folder=True).text, tmp_path)
    with pytest.raises(SystemExit, match=r"split\.csv is missing: it says"):
        module.load("train")
    data.rename(tmp_path / "moved")
    with pytest.raises(SystemExit, match=r"data is missing\. Connect its disk, or change DATA"):
        module.load("train")
    module.DATA = tmp_path / "moved"
    (tmp_path / "split.csv").write_bytes((entry.folder / "split.csv").read_bytes())
    assert len(module.load("train")[1]) == 12
