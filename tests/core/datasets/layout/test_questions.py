import unicodedata

import pytest

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.layout.recognition import recognise
from desktop_app.core.datasets.report import DatasetError
from tests.core.datasets.layout.layout_files import asked, fill, found, make


def read_as(folder, choice):
    return recognise(folder, answers=choice.answers)


def test_a_folder_with_the_classes_of_the_training_folder_is_asked_about(tmp_path):
    fill(tmp_path, *(f"{part}/{name}" for part in ("train", "zweite") for name in ("cats", "dogs")))

    question = asked(tmp_path)
    split, pooled, left, classes = question.choices

    assert question.text == "Which folders are subsets?"
    assert split.option == "--folder train=train --folder zweite=test"
    assert read_as(tmp_path, split).parts == ("train", "test")
    assert len(read_as(tmp_path, pooled).folders) == 4
    assert len(read_as(tmp_path, left).folders) == 2
    assert read_as(tmp_path, classes).classes == ("train", "zweite")


def test_a_training_folder_by_another_name_is_asked_about(tmp_path):
    fill(tmp_path, *(f"{part}/{name}" for part in ("test", "erste") for name in ("cats", "dogs")))

    assert read_as(tmp_path, asked(tmp_path).choices[0]).parts == ("train", "test")


def test_names_of_classes_that_begin_like_subsets_are_not_taken_for_them(tmp_path):
    fill(tmp_path, *(f"{top}/{size}" for top in ("test tube", "training shoes") for size in ("big", "small")))

    assert read_as(tmp_path, asked(tmp_path).choices[-1]).classes == ("test tube", "training shoes")


def test_flat_classes_may_be_called_like_subsets_and_other_things(tmp_path):
    fill(tmp_path, "test tube", "training shoes", "evaluation board")

    assert len(recognise(tmp_path).classes) == 3


def test_a_train_beside_other_vehicles_is_a_class(tmp_path):
    fill(tmp_path, "train", "car", "bus")

    assert recognise(tmp_path).classes == ("bus", "car", "train")


@pytest.mark.parametrize("name", ["train", "test", "validation", "images", "masks", "labels"])
def test_a_folder_beside_the_classes_that_no_class_is_called_like_is_asked_about(tmp_path, name):
    fill(tmp_path, "cats", "dogs", name)

    left_out, a_class = asked(tmp_path).choices

    assert left_out.option == f"--folder {name}=ignore"
    assert read_as(tmp_path, left_out).classes == ("cats", "dogs")
    assert len(read_as(tmp_path, a_class).classes) == 3


def test_subsets_without_classes_beside_classes_are_asked_about(tmp_path):
    fill(tmp_path, "train", "test", "cats", "dogs")

    left_out, classes = asked(tmp_path).choices

    assert read_as(tmp_path, left_out).classes == ("cats", "dogs")
    assert len(read_as(tmp_path, classes).classes) == 4


@pytest.mark.parametrize("name", ["unknown", "unlabelled", "pred"])
def test_unlabeled_pictures_beside_the_classes_are_left_out_until_somebody_says_otherwise(tmp_path, name):
    fill(tmp_path, "cats", "dogs", name)

    layout = recognise(tmp_path)

    assert layout.classes == ("cats", "dogs")
    assert layout.warnings == (f"'{name}' has 2 pictures without labels: not used.",)
    (question,) = layout.questions
    assert not question.required
    unlabeled, a_class = question.choices
    assert read_as(tmp_path, unlabeled).questions == ()
    assert name in read_as(tmp_path, a_class).classes


def test_one_class_and_unlabeled_pictures_are_asked_about(tmp_path):
    fill(tmp_path, "defect", "unknown")

    (choice,) = asked(tmp_path).choices

    assert read_as(tmp_path, choice).classes == ("defect", "unknown")


def test_a_class_that_is_called_unknown_in_every_subset_is_one(tmp_path):
    fill(tmp_path, *(f"{part}/{name}" for part in ("train", "test") for name in ("cats", "dogs", "unknown")))

    assert recognise(tmp_path).classes == ("cats", "dogs", "unknown")


def test_a_subset_with_other_classes_only_is_asked_about(tmp_path):
    fill(tmp_path, "train/cats", "train/dogs", "test/oak", "test/elm")

    unlabeled, pooled = asked(tmp_path).choices

    assert read_as(tmp_path, unlabeled).sentence == "2 classes, no split yet"
    assert read_as(tmp_path, pooled).classes == ("cats", "dogs", "elm", "oak")


def test_a_training_folder_of_one_class_is_asked_about(tmp_path):
    fill(tmp_path, "train/good", "test/good", "test/scratch", "test/dent", "ground_truth/dent")

    question = asked(tmp_path)
    everything, only_test = question.choices

    assert "one class only (good)" in question.reason
    assert read_as(tmp_path, everything).classes == ("dent", "good", "scratch")
    assert [path for path, _class, _part in found(read_as(tmp_path, only_test))] == [
        "test/dent",
        "test/good",
        "test/scratch",
    ]


def test_folders_beside_the_subsets_with_their_classes_are_offered(tmp_path):
    fill(tmp_path, *(f"{part}/{name}" for part in ("train", "test", "more") for name in ("cats", "dogs")))

    layout = recognise(tmp_path)

    assert layout.warnings == ("'more' is skipped: it belongs to no split.",)
    assert [choice.option for choice in layout.questions[0].choices] == [
        f"--folder more={meaning}" for meaning in ("ignore", "test", "validation", "train")
    ]


def test_a_decision_about_a_folder_that_is_gone_is_told_of(tmp_path):
    fill(tmp_path, "cats", "dogs")

    layout = recognise(tmp_path, answers=Answers(folders={"bids": "ignore"}))

    assert layout.warnings == ("No folder bids: what was decided about it is not used.",)


def test_decisions_hold_below_wrappers_and_for_names_with_spaces(tmp_path):
    fill(tmp_path, *(f"my data/{part}/{name}" for part in ("part one", "b") for name in ("cats", "dogs")))

    answers = Answers(folders={"my data/part one": "train", "my data/b": "test"})

    assert recognise(tmp_path, answers=answers).parts == ("train", "test")


def test_ignored_folders_are_left_out_at_any_depth(tmp_path):
    fill(tmp_path, "cats", "cats/blurred", "dogs")

    layout = recognise(tmp_path, answers=Answers(folders={"cats/blurred": "ignore"}))

    assert layout.classes == ("cats", "dogs")
    assert layout.skipped == (tmp_path / "cats" / "blurred",)


def test_a_subset_inside_of_a_class_is_told_of(tmp_path):
    fill(tmp_path, "cats", "cats/old", "dogs")

    layout = recognise(tmp_path, answers=Answers(folders={"cats/old": "test"}, classes_at=1))

    assert layout.warnings == ("'cats/old' is no subset: there are no class folders in it.",)


def test_folders_without_labels_in_a_class_are_skipped(tmp_path):
    fill(tmp_path, "cats", "cats/blurred", "dogs")

    layout = recognise(tmp_path, answers=Answers(folders={"cats/blurred": "unlabeled"}))

    assert layout.skipped == (tmp_path / "cats" / "blurred",)


def test_pictures_and_boxes_are_refused_by_name(tmp_path):
    fill(tmp_path, "train/images", "valid/images")
    make(tmp_path, "train/labels/1.txt", "valid/labels/1.txt")

    with pytest.raises(DatasetError, match=r"Beside the pictures: train/labels, valid/labels"):
        recognise(tmp_path)


def test_masks_of_class_folders_are_skipped_and_said(tmp_path):
    fill(tmp_path, "images/cats", "images/dogs", "masks/cats", "masks/dogs")

    layout = recognise(tmp_path)

    assert layout.classes == ("cats", "dogs")
    assert layout.warnings == ("'masks' is skipped: by its name, it is no class.",)


def test_masks_in_every_class_folder_are_skipped_and_said(tmp_path):
    fill(tmp_path, *(f"{name}/{inner}" for name in ("cats", "dogs") for inner in ("images", "masks")))

    layout = recognise(tmp_path)

    assert layout.classes == ("cats", "dogs")
    assert set(layout.skipped) == {tmp_path / name / "masks" for name in ("cats", "dogs")}
    assert "'masks' in 2 class folders is skipped" in layout.warnings[0]


def test_people_with_and_without_masks_are_classes(tmp_path):
    fill(tmp_path, "mask", "no_mask")

    assert recognise(tmp_path).classes == ("mask", "no_mask")


def test_a_typing_error_in_another_subset_is_told_of(tmp_path):
    fill(tmp_path, "train/goldfinch", "train/robin", "test/godfinch", "test/robin")

    assert (
        "'godfinch' in the test folder may be a typing error of 'goldfinch'"
        in recognise(tmp_path).warnings[0]
    )


def test_subset_and_class_in_one_name(tmp_path):
    fill(tmp_path, *(f"{part}_{name}" for part in ("train", "test") for name in ("big_cats", "dogs")))

    layout = recognise(tmp_path)

    assert layout.classes == ("big_cats", "dogs")
    assert layout.parts == ("train", "test")


def test_flat_subsets_whose_names_share_other_words_are_asked_about(tmp_path):
    fill(tmp_path, "bounding_box_train", "bounding_box_test", "query")

    question = asked(tmp_path)

    assert question.key == "parts"
    assert "sound like subsets without class folders" in question.reason


def test_the_same_numbers_in_train_and_in_folders_beside_it_are_asked_about(tmp_path):
    fill(tmp_path, *(f"{top}/{person:04}" for top in ("train", "query", "gallery") for person in (1, 2, 3)))

    question = asked(tmp_path)

    assert question.key == "parts"
    assert recognise(tmp_path, answers=question.choices[0].answers).classes == ("0001", "0002", "0003")


def test_numbers_below_trains_and_other_vehicles_are_their_pictures(tmp_path):
    fill(tmp_path, *(f"{top}/{number}" for top in ("train", "bus", "car") for number in (1001, 1002)))

    assert recognise(tmp_path).classes == ("bus", "car", "train")


def test_subset_and_domain_in_one_word(tmp_path):
    fill(tmp_path, "trainA", "trainB", "testA", "testB")

    layout = recognise(tmp_path)

    assert layout.classes == ("A", "B")
    assert layout.parts == ("train", "test")


def test_names_that_are_the_same_to_the_eye_are_not_reported_as_different(tmp_path):
    names = ("café", "maté")
    fill(tmp_path, *(f"train/{unicodedata.normalize('NFC', name)}" for name in names))
    fill(tmp_path, *(f"test/{unicodedata.normalize('NFD', name)}" for name in names))

    layout = recognise(tmp_path)

    assert len(layout.classes) == 2
    assert layout.warnings == ()


@pytest.mark.parametrize(
    "copy",
    [
        *("cats - Copy", "cats - Copy (2)", "cats (1)", "cats 2", "cats copy", "cats - Kopie", "Cats_copy"),
        *("cats (Ann's conflicted copy 2024-01-02)", "cats.sync-conflict-20240102-1010-ABC"),
    ],
)
def test_copies_of_class_folders_are_asked_about(tmp_path, copy):
    fill(tmp_path, "cats", "dogs", copy)

    question = asked(tmp_path)

    assert question.reason.endswith("sounds like a copy of one.")
    assert [len(read_as(tmp_path, choice).classes) for choice in question.choices] == [2, 3]


def test_the_copy_of_the_only_class_is_asked_about(tmp_path):
    fill(tmp_path, "cats", "cats - Copy")

    assert asked(tmp_path).text == "Is 'cats - Copy' a class?"


def test_numbers_behind_names_whose_beginnings_are_no_folders_are_classes(tmp_path):
    fill(tmp_path, "type 1", "type 2", "type (3)")

    assert len(recognise(tmp_path).classes) == 3


@pytest.mark.parametrize("name", ["New folder", "New folder (2)", "Neuer Ordner", "untitled folder"])
def test_folders_that_nobody_named_are_asked_about(tmp_path, name):
    fill(tmp_path, "cats", "dogs", name)

    assert asked(tmp_path).reason.endswith("sounds like pictures of no class.")


def test_previews_of_lightroom_are_no_class(tmp_path):
    fill(tmp_path, "cats", "dogs", "Catalog Previews.lrdata/0/00AB")

    assert recognise(tmp_path).classes == ("cats", "dogs")


def test_the_library_of_a_photo_program_is_refused_by_name(tmp_path):
    fill(tmp_path / "Photos Library.photoslibrary", "originals/0", "originals/1", "resources/derivatives/0")

    with pytest.raises(
        DatasetError, match=r"Photos Library\.photoslibrary is the library of a photo program"
    ):
        recognise(tmp_path)


@pytest.mark.parametrize("name", ["backup", "old", "to delete", "To_Sort", "plots", "gradcam"])
def test_folders_that_are_set_aside_are_asked_about(tmp_path, name):
    fill(tmp_path, "cats", "dogs", name)

    assert asked(tmp_path).text == f"Is '{name}' a class?"


@pytest.mark.parametrize("ends", [("_1", "_2"), (" 2023-01", " 2023-02"), ("-01", "-02")])
def test_classes_that_differ_in_numbers_only_are_reported(tmp_path, ends):
    fill(tmp_path, *(f"{name}{end}" for name in ("ok", "crack") for end in ends))

    (warning,) = recognise(tmp_path).warnings

    assert warning.startswith(
        f"The classes differ only in the numbers behind their names, such as crack{ends[0]}"
    )


@pytest.mark.parametrize(
    "names", [("grade 1", "grade 2"), ("A320", "A330", "737", "747"), ("1 ok", "2 crack")]
)
def test_numbers_that_tell_classes_apart_are_not_reported(tmp_path, names):
    fill(tmp_path, *names)

    assert recognise(tmp_path).warnings == ()


@pytest.mark.parametrize("name", ["fold{}", "CV-{}", "split_{}"])
def test_folds_with_subsets_of_their_own_are_asked_about(tmp_path, name):
    folds = [name.format(number) for number in (1, 2, 3)]
    fill(
        tmp_path, *(f"{fold}/{part}/{kind}" for fold in folds for part in ("train", "test") for kind in "xy")
    )

    question = asked(tmp_path)

    assert question.key == "folds"
    assert question.choices[0].option == f"--folder {folds[1]}=ignore --folder {folds[2]}=ignore"
    layouts = [read_as(tmp_path, choice) for choice in question.choices]
    assert [len(layout.folders) for layout in layouts] == [4, 4, 4, 12]
    assert all(layout.parts == ("train", "test") for layout in layouts)


def test_sites_with_subsets_of_their_own_are_not_asked_about(tmp_path):
    fill(tmp_path, *(f"site{n}/{part}/{kind}" for n in (1, 2) for part in ("train", "test") for kind in "xy"))

    assert len(recognise(tmp_path).folders) == 8


def test_several_folders_of_one_subset_are_named(tmp_path):
    fill(
        tmp_path, *(f"{part}/{kind}" for part in ("train", "train_old", "test") for kind in ("cats", "dogs"))
    )

    assert recognise(tmp_path).warnings == ("'train' and 'train_old' are all used as training pictures.",)
