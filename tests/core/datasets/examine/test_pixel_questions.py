"""Data sets whose numbers leave something open: brightness, planes, bands."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.reading import AS_STORED


def tiff(numbers, **options):
    stream = io.BytesIO()
    tifffile.imwrite(stream, numbers, **{"metadata": None, "photometric": "minisblack", **options})
    return stream.getvalue()


def noise(seed, shape=(24, 32)):
    return np.random.default_rng(seed).random(shape)


def write_all(folder, made):
    """Write files of two classes: ``made(class number, number)`` gives the bytes."""
    for kind, name in enumerate("ab"):
        (folder / name).mkdir(parents=True)
        for number in range(8):
            (folder / name / f"{number}.tif").write_bytes(made(kind, number))
    return folder


@pytest.fixture
def data(tmp_path):
    """A folder that holds nothing else."""
    return tmp_path / "data"


def counts(kind, number):
    """Dim and bright frames of a 12-bit camera."""
    return (noise(10 * kind + number) * (240, 960)[kind]).astype(np.uint16)


def question(report, key):
    return next((entry for entry in report.questions if entry.key == key), None)


def test_dim_and_bright_frames_get_one_scale(data):
    report = examine(write_all(data, lambda *place: tiff(counts(*place))))

    reading = report.answers.pixels
    assert reading.black == 0
    assert 950 <= reading.white <= 960
    assert any("from black to white" in note for note in report.notes)
    dim, bright = (read_image(data / name / "0.tif", reading).max() for name in "ab")
    assert 60 <= dim <= 66
    assert bright == 255
    asked = question(report, "levels")
    assert not asked.required
    assert asked.standing in report.warnings
    assert sum(report.numbers.shares) == pytest.approx(1, abs=0.02)
    assert len(report.numbers.shares) == 64


@pytest.mark.parametrize("option", ["--levels 0:4095", "--levels each"])
def test_another_scale_can_be_chosen(data, option):
    first = examine(write_all(data, lambda *place: tiff(counts(*place))))
    choice = next(choice for choice in question(first, "levels").choices if choice.option == option)

    report = examine(data, answers=choice.answers)

    assert report.answers == choice.answers
    assert question(report, "levels") is None
    white = report.answers.pixels.white
    assert white == (4095 if option == "--levels 0:4095" else None)


def test_each_choice_of_a_scale_is_what_it_says(data):
    report = examine(write_all(data, lambda *place: tiff(counts(*place))))

    options = [choice.option for choice in question(report, "levels").choices]
    assert options[1:] == [
        "--levels 0:1023",
        "--levels 0:4095",
        "--levels 0:16383",
        "--levels 0:65535",
        "--levels each",
    ]
    assert all(choice.pictures for choice in question(report, "levels").choices)


@pytest.mark.parametrize(
    ("numbers", "levels"),
    [
        (lambda kind, number: (noise(number) * 4095).astype(np.uint16), (0, 4095)),
        (lambda kind, number: noise(number + 10 * kind).astype(np.float32), (0, 1)),
        (lambda kind, number: (noise(number + 10 * kind) * 65535).astype(np.uint16), (0, 65535)),
    ],
)
def test_files_that_agree_keep_their_scale_and_nothing_is_asked(data, numbers, levels):
    report = examine(write_all(data, lambda *place: tiff(numbers(*place))))

    assert (report.answers.pixels.black, report.answers.pixels.white) == levels
    assert report.questions == report.notes == ()


@pytest.mark.parametrize(
    ("numbers", "black", "white"),
    [
        (lambda kind, number: (noise(number) * (3e5, 3e6)[kind]).astype(np.uint32), 0, 3e6),
        (lambda kind, number: (noise(number) * (300, 900)[kind] - 1000).astype(np.int16), -1000, -100),
        (lambda kind, number: (noise(number) * (2, 40)[kind] + 270).astype(np.float32), 270, 310),
        (lambda kind, number: noise(number, (24, 32, 3)).astype(np.float32) * (3, 12)[kind], 0, 12),
    ],
)
def test_the_scale_follows_the_data(data, numbers, black, white):
    def made(*place):
        values = numbers(*place)
        return tiff(values, photometric="rgb" if values.ndim == 3 else "minisblack")

    reading = examine(write_all(data, made)).answers.pixels

    assert reading.black == pytest.approx(black, abs=0.02 * (white - black))
    assert reading.white == pytest.approx(white, abs=0.02 * (white - black))


def test_a_declared_range_goes_before_the_numbers(data):
    tags = [(340, "H", 1, 0, True), (341, "H", 1, 4000, True)]
    report = examine(write_all(data, lambda *place: tiff(counts(*place), extratags=tags)))

    assert (report.answers.pixels.black, report.answers.pixels.white) == (0, 4000)


def test_one_broken_file_does_not_darken_all(data):
    write_all(data, lambda *place: tiff(counts(*place)))
    for number in range(300):
        (data / "a" / f"more{number}.tif").write_bytes(tiff(counts(0, number)))
    (data / "b" / "broken.tif").write_bytes(tiff((noise(5) * 60000).astype(np.uint16)))

    assert examine(data).answers.pixels.white < 1000


def test_photos_are_not_touched(data):
    def photo(kind, number):
        stream = io.BytesIO()
        Image.fromarray((noise(number + 10 * kind, (24, 32, 3)) * 255).astype(np.uint8)).save(stream, "PNG")
        return stream.getvalue()

    report = examine(write_all(data, photo))

    assert report.answers == NO_ANSWERS
    assert report.questions == ()
    assert report.numbers is None


def stack(kind, number):
    planes = np.zeros((5, 24, 32), np.uint8)
    planes[2] = noise(10 * kind + number) * 255
    return tiff(planes)


def test_a_stack_is_asked_about(data):
    report = examine(write_all(data, stack))

    asked = question(report, "plane")
    assert asked.required
    assert "16 pictures have 5 pages. In all of them the first shows nothing." in asked.reason
    assert asked.choices[0].option == "--plane middle"
    assert len({choice.reading.plane for choice in asked.choices}) == 4
    assert any("16 pictures show one colour only" in note for note in report.notes)

    answered = examine(data, answers=asked.choices[0].answers)

    assert answered.questions == ()
    assert answered.answers.pixels.plane == "middle"
    assert answered.notes == ()


def test_an_animation_is_asked_about_too(data):
    def animation(kind, number):
        stream = io.BytesIO()
        first, *others = (
            Image.fromarray((noise(seed) * 255).astype(np.uint8)) for seed in (number, kind + 100, 50)
        )
        first.save(stream, "GIF", save_all=True, append_images=others)
        return stream.getvalue()

    asked = question(examine(write_all(data, animation)), "plane")

    assert "16 pictures have 3 frames." in asked.reason
    assert asked.choices[0].option == "--plane first"


def test_equal_planes_are_no_question(data):
    report = examine(write_all(data, lambda kind, number: tiff(np.stack([counts(kind, number)] * 3))))

    assert question(report, "plane") is None


@pytest.mark.parametrize(
    ("bands", "first"), [(2, "1,1,1"), (3, "1,2,3"), (4, "1,2,3"), (5, "1,2,3"), (9, "1,2,3"), (13, "4,3,2")]
)
def test_bands_are_asked_about(data, bands, first):
    def made(kind, number):
        return tiff(
            (noise(10 * kind + number, (24, 32, bands)) * 4000).astype(np.uint16), planarconfig="contig"
        )

    asked = question(examine(write_all(data, made)), "bands")

    assert asked.required
    assert f"16 pictures have {bands} bands." in asked.reason
    assert asked.choices[0].option == f"--bands {first}"
    answered = examine(data, answers=asked.choices[0].answers)
    assert question(answered, "bands") is None
    assert answered.answers.pixels.white is not None
    assert len(answered.examples) == 16


def test_pictures_without_the_chosen_bands_are_named(data):
    def made(kind, number):
        return tiff((noise(number, (24, 32, 4 + kind)) * 4000).astype(np.uint16), planarconfig="contig")

    answers = Answers(pixels=AS_STORED.model_copy(update={"bands": (4, 2, 1)}))
    write_all(data, made)
    (data / "c").mkdir()
    for number in range(3):
        (data / "c" / f"{number}.tif").write_bytes(made(1, 20 + number))
    report = examine(data, answers=answers)

    assert len(report.problems) == 8
    assert "The picture has 4 bands; bands 5, 3 and 2 are asked for." in report.problems[0].reason.text


def test_whole_numbers_and_fractions_are_not_scaled_together(data):
    def made(kind, number):
        return tiff(noise(number).astype(np.float32) if kind else counts(1, number))

    report = examine(write_all(data, made))

    assert report.answers == NO_ANSWERS
    assert any("some fractions" in note for note in report.notes)


def photo(width, height, seed):
    stream = io.BytesIO()
    Image.fromarray((noise(seed, (height, width)) * 255).astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def test_a_few_thin_pictures_are_listed(data):
    report = examine(
        write_all(data, lambda kind, number: photo(60 if number else 300, 50, 10 * kind + number))
    )

    assert report.answers.pixels.thin == "parts"
    (asked,) = report.questions
    assert (asked.key, asked.required) == ("thin", False)
    assert [choice.answers.pixels.thin for choice in asked.choices] == ["parts", "crop", "whole"]
    assert asked.choices[0].pictures[0].name
    assert asked.reason == "2 pictures are at least 4 times as long as wide."
    assert asked.standing.startswith("Only their centre is trained on")


@pytest.mark.parametrize("way", ["whole", "crop", "parts"])
def test_what_is_seen_of_thin_pictures_is_asked_once(data, way):
    chosen = NO_ANSWERS.changed(pixels={"thin": way})

    report = examine(
        write_all(data, lambda _kind, number: photo(60 if number else 300, 50, number)), answers=chosen
    )

    assert report.answers == chosen
    assert not any(question.key == "thin" for question in report.questions)


def test_many_thin_pictures_are_what_is_learned(data):
    report = examine(write_all(data, lambda kind, number: photo(300, 50, 10 * kind + number)))

    assert report.answers.pixels.thin == "whole"
    (asked,) = report.questions
    assert asked.choices[0].option == "--thin whole"
    assert "seen whole until somebody chooses" in asked.standing


def test_what_is_known_of_another_plane_is_not_used(tmp_path):
    folder, cache = write_all(tmp_path / "data", stack), tmp_path / "scan.sqlite"
    first = examine(folder, cache=cache)
    middle = first.answers.changed(pixels={"plane": "middle"})

    assert first.notes
    assert not examine(folder, answers=middle, cache=cache).notes
    assert examine(folder, cache=cache).notes == first.notes


def exported(numbers, *, deep):
    stream = io.BytesIO()
    values = (numbers * 4095).astype(np.uint16) if deep else (numbers * 255).astype(np.uint8)
    tifffile.imwrite(stream, values, metadata=None)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("of_class", "said"), [(lambda kind, _number: kind, 2), (lambda _kind, number: number % 2, 1)]
)
def test_exports_beside_deeper_pictures_are_said(data, of_class, said):
    report = examine(
        write_all(
            data, lambda kind, number: exported(noise(10 * kind + number), deep=of_class(kind, number) == 0)
        )
    )

    found = [note for note in report.notes if "8 bits, " in note or "may learn that" in note]
    assert len(found) == said
    assert found[0].startswith("8 pictures have more than 8 bits, 8 have 8: ")
