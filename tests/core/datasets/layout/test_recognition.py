import os
from pathlib import Path

import pytest

from desktop_app.core.datasets.layout.recognition import recognise
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled
from tests.core.datasets.layout.layout_files import found, make


def refusal(folder):
    with pytest.raises(DatasetError) as caught:
        recognise(folder)
    assert "Put each class in its own folder" in caught.value.advice
    return str(caught.value)


def test_class_folders(tmp_path):
    make(tmp_path, "dogs/1.jpg", "cats/deep/down/1.jpg", "class10/1.png", "class9/1.png")

    layout = recognise(tmp_path)

    assert layout.classes == ("cats", "class9", "class10", "dogs")
    assert layout.sentence == "4 classes, no split yet"
    assert found(layout)[0] == ("cats", "cats", None)


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("train", "val", "test"), ("train", "validation", "test")),
        (("training_set", "test_set"), ("train", "test")),
        (("Training", "Validation", "TESTING"), ("train", "validation", "test")),
        (("train", "valid"), ("train", "validation")),
        (("train-images", "test-images"), ("train", "test")),
        (("trainset", "validation_set", "testset"), ("train", "validation", "test")),
    ],
)
def test_parts_by_any_usual_name(tmp_path, names, parts):
    make(tmp_path, *(f"{name}/{kind}/1.jpg" for name in names for kind in ("cats", "dogs")))

    layout = recognise(tmp_path)

    assert layout.classes == ("cats", "dogs")
    assert [entry.part for entry in layout.folders if entry.label == 0] == list(
        dict.fromkeys(sorted(parts, key=lambda part: names[parts.index(part)].casefold()))
    )
    assert layout.sentence.startswith("2 classes, split into training")


def test_the_sentence_names_the_subsets(tmp_path):
    make(tmp_path, *(f"{part}/{kind}/1.jpg" for part in ("training_set", "test_set") for kind in "ab"))

    assert recognise(tmp_path).sentence == "2 classes, split into training and test"


def test_classes_of_all_parts_are_united_whatever_their_case(tmp_path):
    make(tmp_path, "train/Cats/1.jpg", "train/dogs/1.jpg", "test/cats/1.jpg", "test/birds/1.jpg")

    layout = recognise(tmp_path)

    assert layout.classes == ("birds", "Cats", "dogs")
    assert ("test/cats", "Cats", "test") in found(layout)


def test_folders_beside_each_other_stay_apart_even_if_only_the_case_differs(tmp_path):
    make(tmp_path, "train/Cats/1.jpg", "train/cats/1.jpg", "test/cats/1.jpg", "test/Cats/1.jpg")
    if len(list((tmp_path / "train").iterdir())) < 2:
        pytest.skip("this file system ignores case")

    layout = recognise(tmp_path)

    assert sorted(layout.classes) == ["Cats", "cats"]
    assert all(path.split("/")[1] == name for path, name, _ in found(layout))


@pytest.mark.skipif(os.name != "posix", reason="names of bytes exist only on POSIX")
def test_names_that_look_the_same_when_printed_become_unique(tmp_path):
    make(tmp_path, *(os.fsdecode(name) + "/1.jpg" for name in (b"caf\xe8", b"caf\xe9")))

    assert recognise(tmp_path).classes == ("caf\N{REPLACEMENT CHARACTER}", "caf\N{REPLACEMENT CHARACTER} (2)")


@pytest.mark.parametrize("wrapper", ["data", "data/cats_dogs", "train"])
def test_a_wrapper_is_entered(tmp_path, wrapper):
    make(tmp_path, f"{wrapper}/cats/1.jpg", f"{wrapper}/dogs/1.jpg", "readme.txt", "__MACOSX/cats/1.jpg")

    layout = recognise(tmp_path)

    assert layout.folder == tmp_path / wrapper
    assert layout.classes == ("cats", "dogs")
    assert {entry.part for entry in layout.folders} == {None}


@pytest.mark.parametrize("other", ["dogs", "dogs/notes.txt"])
def test_folders_in_a_class_are_not_taken_for_the_classes_where_another_class_is_empty(tmp_path, other):
    make(tmp_path, "cats/tabby/1.jpg", "cats/black/1.jpg")
    if other.endswith(".txt"):
        make(tmp_path, other)
    else:
        (tmp_path / other).mkdir()

    with pytest.raises(DatasetError) as caught:
        recognise(tmp_path)

    assert str(caught.value) == f"Only one class found in {tmp_path} (cats); no pictures in dogs."
    assert "Choose cats itself" in caught.value.advice


def test_an_empty_part_beside_the_one_to_train_on_is_told_of(tmp_path):
    make(tmp_path, "train/cats/1.jpg", "train/dogs/1.jpg")
    (tmp_path / "test").mkdir()

    layout = recognise(tmp_path)

    assert layout.classes == ("cats", "dogs")
    assert layout.warnings == ("No pictures in 'test'.",)


def test_hidden_and_system_folders_beside_a_wrapper_do_not_hide_it(tmp_path):
    make(tmp_path, "images/cats/1.jpg", "images/dogs/1.jpg", ".git/config", "__MACOSX/images/cats/1.jpg")

    assert recognise(tmp_path).folder == tmp_path / "images"


def test_one_class_in_all_parts(tmp_path):
    make(tmp_path, "train/cats/1.jpg", "test/cats/1.jpg")

    assert refusal(tmp_path).endswith("is split into train, test, but only one class was found (cats).")


def test_a_part_inside_itself_is_entered(tmp_path):
    make(
        tmp_path, *(f"{part}/{part}/{kind}/1.jpg" for part in ("train", "test") for kind in ("cats", "dogs"))
    )

    assert recognise(tmp_path).classes == ("cats", "dogs")


def test_a_class_may_be_called_test(tmp_path):
    make(tmp_path, "test/1.jpg", "quiz/1.jpg")

    assert recognise(tmp_path).classes == ("quiz", "test")


def test_folders_beside_the_parts_are_told_of(tmp_path):
    make(tmp_path, *(f"{part}/{kind}/1.jpg" for part in ("train", "test") for kind in "ab"), "single/1.jpg")

    assert recognise(tmp_path).warnings == ("'single' is skipped: it belongs to no split.",)


def test_pictures_beside_the_class_folders_are_told_of(tmp_path):
    make(tmp_path, "a/1.jpg", "b/1.jpg", "stray.jpg", "notes.txt")

    assert [problem.path.name for problem in recognise(tmp_path).problems] == ["stray.jpg"]


def test_links_that_lead_to_the_same_folder_again_are_left_out(tmp_path):
    make(tmp_path, "cats/1.jpg", "dogs/1.jpg")
    (tmp_path / "a first").symlink_to(tmp_path)
    (tmp_path / "another").symlink_to(tmp_path / "cats")
    (tmp_path / "circle").symlink_to("circle")

    layout = recognise(tmp_path)

    assert layout.classes == ("cats", "dogs")
    assert {problem.path.name for problem in layout.problems} == {"a first", "another"}


def test_a_class_folder_may_be_a_link(tmp_path):
    make(tmp_path, "data/cats/1.jpg", "elsewhere/1.jpg")
    (tmp_path / "data" / "dogs").symlink_to(tmp_path / "elsewhere")

    assert recognise(tmp_path / "data").classes == ("cats", "dogs")


def test_an_empty_folder(tmp_path):
    assert "No pictures and no class folders" in refusal(tmp_path)


def test_pictures_without_class_folders(tmp_path):
    assert "has 2 pictures but no class folders" in refusal(make(tmp_path, "1.jpg", "2.jpg"))


def test_a_folder_that_is_itself_a_class_leads_to_the_one_above(tmp_path):
    make(tmp_path, "pets/cats/1.jpg", "pets/dogs/1.jpg")
    with pytest.raises(DatasetError) as caught:
        recognise(tmp_path / "pets" / "cats")
    assert caught.value.advice.startswith("Is this a single class? Choose its parent folder, pets. ")


def test_one_class_only(tmp_path):
    make(tmp_path, "cats/1.jpg")
    (tmp_path / "dogs").mkdir()

    assert refusal(tmp_path) == f"Only one class found in {tmp_path} (cats); no pictures in dogs."


def test_a_single_class_with_a_folder_in_it_is_no_wrapper(tmp_path):
    make(tmp_path, "cats/1.jpg", "cats/kittens/1.jpg")

    assert refusal(tmp_path) == f"Only one class found in {tmp_path} (cats)."


def test_folders_without_pictures(tmp_path):
    assert refusal(make(tmp_path, "a/x.txt", "b/x.txt")).endswith("a, b.")


def test_parts_without_class_folders(tmp_path):
    assert "no class folders in them" in refusal(make(tmp_path, "train/1.jpg", "test/1.jpg"))


def test_parts_without_one_to_train_on(tmp_path):
    make(tmp_path, *(f"{part}/{kind}/1.jpg" for part in ("val", "test") for kind in "ab"))

    assert "no training folder" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["gone", "file.txt", "nul\0"])
def test_no_folder_at_all(tmp_path, name):
    make(tmp_path, "file.txt")

    with pytest.raises(DatasetError):
        recognise(Path(tmp_path, name))


def test_cancel(tmp_path):
    make(tmp_path, "a/1.jpg", "b/1.jpg")
    source = CancelSource()
    source.cancel()

    with pytest.raises(Cancelled):
        recognise(tmp_path, source.token)
