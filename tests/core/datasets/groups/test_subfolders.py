from pathlib import Path

from desktop_app.core.datasets.groups.subfolders import folders_above, subfolders_of

DATA = Path("/data")


def test_folders_count_from_the_class():
    classes = [DATA / "train/cats", DATA / "test/cats"]
    paths = [DATA / name for name in ("train/cats/p1/v2/1.png", "test/cats/1.png", "test/cats/p1/2.png")]
    assert subfolders_of(paths, classes, DATA) == [("p1", "v2"), (), ("p1",)]


def test_a_class_whose_name_begins_like_another_is_another():
    classes = [DATA / "cat", DATA / "cats"]
    assert subfolders_of([DATA / "cats/p1/1.png"], classes, DATA) == [("p1",)]


def test_pictures_outside_the_classes_count_from_the_data_or_its_subset():
    paths = [DATA / "p1/1.png", DATA / "train/p1/1.png", DATA / "1.png"]
    assert subfolders_of(paths, [], DATA) == [("p1",), ("p1",), ()]


def test_folders_above_the_classes_are_those_of_no_subset():
    classes = [DATA / "seg_train/site1/cats", DATA / "site2/2020/test/cats", DATA / "dogs"]
    paths = [folder / "p1/1.png" for folder in classes] + [DATA / "1.png"]
    assert folders_above(paths, classes, DATA) == [("site1",), ("site2", "2020"), (), ()]
