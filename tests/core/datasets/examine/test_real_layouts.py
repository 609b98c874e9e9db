"""Data sets as they are published or lie on a server, with real pictures."""

import shutil

import pytest

from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.question import DatasetQuestion
from tests.core.datasets.odd_files import make_classes


@pytest.fixture
def read(tmp_path):
    """The report of the folder, with the answers given."""

    def examined(folder, **options):
        return examine(folder, cache=tmp_path / "cache.sqlite", **options)

    return examined


@pytest.fixture
def data(tmp_path):
    """An empty folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def counts(report):
    return {entry.name: (entry.train, entry.validation, entry.test) for entry in report.classes}


def test_scenes_with_repeated_folders_and_pictures_to_predict(data, read):
    make_classes(data / "seg_train" / "seg_train", {"forest": 4, "sea": 4})
    make_classes(data / "seg_test" / "seg_test", {"forest": 2, "sea": 2}, first=50)
    make_classes(data / "seg_pred", {"seg_pred": 3}, first=80)

    report = read(data)

    assert counts(report) == {"forest": (4, 0, 2), "sea": (4, 0, 2)}
    assert "'seg_pred' has 3 pictures without labels: not used." in report.warnings


def test_factory_pictures_with_good_ones_to_train_on_are_asked_about(data, read):
    make_classes(data / "train", {"good": 6})
    make_classes(data / "test", {"good": 2, "scratch": 3, "dent": 3}, first=50)
    make_classes(data / "ground_truth", {"scratch": 3, "dent": 3}, first=90)

    with pytest.raises(DatasetQuestion) as caught:
        read(data)
    everything, only_test = caught.value.question.choices

    assert counts(read(data, answers=everything.answers)) == {
        "dent": (3, 0, 0),
        "good": (8, 0, 0),
        "scratch": (3, 0, 0),
    }
    assert counts(read(data, answers=only_test.answers))["good"] == (2, 0, 0)


def test_thumbnails_of_network_storage_are_no_pictures(data, read):
    make_classes(data, {"cats": 5, "dogs": 5})
    make_classes(data / "cats" / "@eaDir", {"1.jpg": 2}, first=50)
    make_classes(data / "@eaDir", {"cover.jpg": 1}, first=60)

    assert counts(read(data)) == {"cats": (5, 0, 0), "dogs": (5, 0, 0)}


def test_a_folder_called_images_in_every_class_and_subset(data, read):
    for first, name in ((0, "n01443537"), (20, "n02124075")):
        make_classes(data / "train" / name, {"images": 5}, first=first)
    make_classes(data / "val", {"images": 3}, first=50)
    make_classes(data / "test", {"images": 3}, first=60)

    report = read(data)

    assert counts(report) == {"n01443537": (5, 0, 0), "n02124075": (5, 0, 0)}
    assert report.layout == "2 classes, no split yet"
    assert [warning for warning in report.warnings if "without labels" in warning] == [
        "'val' has 3 pictures without labels: not used.",
        "'test' has 3 pictures without labels: not used.",
    ]


def test_classes_on_the_second_level_are_asked_about(data, read):
    make_classes(data / "a", {"airfield": 3, "alley": 3})
    make_classes(data / "b", {"barn": 3, "beach": 3}, first=50)

    with pytest.raises(DatasetQuestion, match="Which level holds the classes") as caught:
        read(data)

    answers = caught.value.question.choices[0].answers
    report = read(data, answers=answers)
    assert report.class_names == ("airfield", "alley", "barn", "beach")
    assert report.answers == answers


def test_a_test_folder_without_labels_is_not_scored(data, read):
    make_classes(data / "train", {"cats": 5, "dogs": 5})
    make_classes(data / "test", {"unknown": 4}, first=50)

    report = read(data)

    assert counts(report) == {"cats": (5, 0, 0), "dogs": (5, 0, 0)}
    assert "'test' has 4 pictures without labels: not used." in report.warnings


def test_letters_of_both_cases_stay_apart_in_every_subset(data, read):
    make_classes(data / "train", {"A": 3, "a": 3, "B": 3})
    make_classes(data / "test", {"A": 1, "a": 2, "B": 1}, first=50)
    if len(list((data / "train").iterdir())) < 3:
        pytest.skip("this file system ignores case")

    assert counts(read(data)) == {"A": (3, 0, 1), "a": (3, 0, 2), "B": (3, 0, 1)}


def test_a_question_about_an_archive_names_the_archive(data, read, tmp_path):
    make_classes(data / "a", {"airfield": 2, "alley": 2})
    make_classes(data / "b", {"barn": 2, "beach": 2}, first=50)
    archive = shutil.make_archive(str(tmp_path / "places"), "zip", data)

    with pytest.raises(DatasetQuestion) as caught:
        read(tmp_path / "places.zip")

    assert archive in str(caught.value)
