import pytest

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.layout.recognition import recognise
from desktop_app.core.datasets.report import DatasetError
from tests.core.datasets.layout.layout_files import asked, fill, found, make


def test_two_levels_of_names_are_asked_about_and_both_answers_are_obeyed(tmp_path):
    fill(tmp_path, "a/airfield", "a/alley", "b/barn", "b/beach")

    question = asked(tmp_path)

    assert question.key == "classes-at"
    assert question.text == "Which level holds the classes?"
    assert [choice.option for choice in question.choices] == ["--classes-at 2", "--classes-at 1"]
    lower, upper = question.choices
    assert lower.detail == "4 classes, 8 pictures."
    assert [path.parent.name for path in lower.pictures] == ["airfield", "alley", "barn", "beach"]
    assert all(path.is_file() for path in (*lower.pictures, *upper.pictures))
    assert recognise(tmp_path, answers=lower.answers).classes == ("airfield", "alley", "barn", "beach")
    assert recognise(tmp_path, answers=upper.answers).classes == ("a", "b")


@pytest.mark.parametrize("top", ["site", "camera ", "patient_", "fold-", "2023-05-0"])
def test_folders_of_sites_above_the_classes_are_no_classes(tmp_path, top):
    fill(tmp_path, *(f"{top}{number}/{name}" for number in (1, 2, 3) for name in ("deer", "fox")))

    layout = recognise(tmp_path)

    assert layout.classes == ("deer", "fox")
    assert len(layout.folders) == 6


def test_days_between_cameras_and_species_are_no_classes(tmp_path):
    fill(
        tmp_path, *(f"cam{c}/2023-05-0{d}/{name}" for c in (1, 2) for d in (1, 2) for name in ("deer", "fox"))
    )

    assert recognise(tmp_path).classes == ("deer", "fox")


@pytest.mark.parametrize(
    "below",
    [
        ("2023-05-01", "2023-05-02"),
        ("patient_07", "patient_12"),
        ("1017", "2044"),
        ("burst1", "burst2", "burst3"),
        ("original", "augmented"),
        ("May", "June"),
    ],
)
def test_dates_patients_and_numbers_below_the_classes_are_no_classes(tmp_path, below):
    fill(tmp_path, *(f"{name}/{inner}" for name in ("benign", "malignant") for inner in below))

    assert recognise(tmp_path).classes == ("benign", "malignant")


def test_the_same_names_in_folders_that_may_be_classes_are_asked_about_the_lower_level_first(tmp_path):
    fill(tmp_path, "Berlin/benign", "Berlin/malignant", "Paris/benign", "Paris/malignant")

    question = asked(tmp_path)

    assert question.proposed
    assert recognise(tmp_path, answers=question.choices[0].answers).classes == ("benign", "malignant")


def test_classes_on_different_levels_are_asked_about(tmp_path):
    fill(tmp_path, "cats", "dogs/beagle", "dogs/poodle")

    upper, lower, only = asked(tmp_path).choices

    assert recognise(tmp_path, answers=upper.answers).classes == ("cats", "dogs")
    assert recognise(tmp_path, answers=lower.answers).classes == ("beagle", "cats", "poodle")
    assert recognise(tmp_path, answers=only.answers).classes == ("beagle", "poodle")


def test_a_folder_beside_the_data_set_can_be_left_out(tmp_path):
    fill(tmp_path, "data/train/cats", "data/train/dogs", "data/test/cats", "examples")

    layout = recognise(tmp_path, answers=asked(tmp_path).choices[0].answers)

    assert layout.classes == ("cats", "dogs")
    assert layout.parts == ("train", "test")


def test_pictures_above_the_chosen_level_are_listed(tmp_path):
    fill(tmp_path, "cats", "cats/kittens", "dogs/puppies", "dogs/old dogs")

    lower = next(choice for choice in asked(tmp_path).choices if choice.option == "--classes-at 2")
    layout = recognise(tmp_path, answers=lower.answers)

    assert lower.detail.endswith("2 pictures beside these folders not used.")
    assert [problem.path.parent.name for problem in layout.problems] == ["cats", "cats"]


def test_one_folder_in_each_gives_no_other_classes(tmp_path):
    fill(tmp_path, "cats/images", "dogs/images", "birds/owls")

    assert recognise(tmp_path).classes == ("birds", "cats", "dogs")


def test_three_levels_are_offered(tmp_path):
    fill(tmp_path, "x/a/p", "x/b/q", "y/c/r", "y/d/s")

    assert {choice.option for choice in asked(tmp_path).choices} == {f"--classes-at {n}" for n in (1, 2, 3)}


def test_levels_are_asked_about_inside_of_subsets(tmp_path):
    fill(tmp_path, *(f"{part}/{name}" for part in ("train", "test") for name in ("a/oak", "a/elm", "b/rose")))

    lower = asked(tmp_path).choices[0]
    layout = recognise(tmp_path, answers=lower.answers)

    assert layout.classes == ("elm", "oak", "rose")
    assert layout.parts == ("train", "test")


def test_a_level_that_is_not_there_is_refused(tmp_path):
    fill(tmp_path, "cats", "dogs")

    with pytest.raises(DatasetError, match="has no folders on level 2"):
        recognise(tmp_path, answers=Answers(classes_at=3))


def test_the_same_numbers_in_every_folder_are_asked_about(tmp_path):
    fill(tmp_path, *(f"{organ}/{grade}" for organ in ("liver", "kidney") for grade in (0, 1, 2)))

    assert asked(tmp_path).key == "classes-at"


def test_unlabeled_pictures_of_a_camera_are_told_of(tmp_path):
    fill(tmp_path, *(f"cam{number}/{name}" for number in (1, 2) for name in ("deer", "fox")), "cam1/unsorted")

    layout = recognise(tmp_path)

    assert layout.classes == ("deer", "fox")
    assert layout.warnings == ("'cam1/unsorted' has 2 pictures without labels: not used.",)


def test_classes_that_are_called_like_dates_are_told_of(tmp_path):
    make(tmp_path, "2023-01/1.jpg", "2023-02/1.jpg")

    assert "like dates" in recognise(tmp_path).warnings[0]


def test_subsets_in_every_class_folder(tmp_path):
    fill(tmp_path, *(f"{name}/{part}" for name in ("cats", "dogs") for part in ("train", "test")))

    layout = recognise(tmp_path)

    assert ("cats/test", "cats", "test") in found(layout)
    assert layout.sentence == "2 classes, split into training and test"


def test_subsets_in_the_folder_of_every_site(tmp_path):
    fill(tmp_path, *(f"site{n}/{part}/{name}" for n in (1, 2) for part in ("train", "val") for name in "xy"))

    layout = recognise(tmp_path)

    assert layout.classes == ("x", "y")
    assert layout.parts == ("train", "validation")


def test_a_taxonomy_is_asked_about_down_to_the_species(tmp_path):
    fill(
        tmp_path,
        "Animalia/Chordata/Aves/Passeriformes/Corvidae/Corvus/corax",
        "Animalia/Chordata/Aves/Passeriformes/Corvidae/Corvus/corone",
        "Animalia/Chordata/Mammalia/Carnivora/Canidae/Canis/lupus",
        "Plantae/Tracheophyta/Magnoliopsida/Fagales/Fagaceae/Quercus/robur",
    )

    question = asked(tmp_path)

    options = [choice.option for choice in question.choices]
    assert len(options) == 6
    assert {"--classes-at 1", "--classes-at 7"} <= set(options)
    lowest = question.choices[options.index("--classes-at 7")]
    assert recognise(tmp_path, answers=lowest.answers).classes == ("corax", "corone", "lupus", "robur")


def test_kinds_below_the_only_folder_in_each_class_are_asked_about(tmp_path):
    fill(tmp_path, *(f"{name}/SOB/{name} {kind}" for name in ("benign", "malignant") for kind in "xy"))

    assert {choice.option for choice in asked(tmp_path).choices} == {"--classes-at 1", "--classes-at 3"}


@pytest.mark.parametrize("sizes", [("40X", "100X"), ("64x64", "128x128"), ("480p", "1080p")])
def test_sizes_are_no_classes_below_others_and_doubtful_by_themselves(tmp_path, sizes):
    below = fill(tmp_path / "below", *(f"{name}/{size}" for name in ("cat", "dog") for size in sizes))
    alone = fill(tmp_path / "alone", *sizes)
    above = fill(tmp_path / "above", *(f"{size}/{name}" for name in ("cat", "dog") for size in sizes))

    assert recognise(below).classes == ("cat", "dog")
    assert asked(above).choices[0].option == "--classes-at 2"
    assert "called like sizes" in recognise(alone).warnings[0]


def test_the_level_on_which_all_folders_are_is_offered_first(tmp_path):
    fill(tmp_path, "a/airfield", "a/apartment/outdoor", "b/bakery/shop", "b/barn", "c/cabin/outdoor")

    assert asked(tmp_path).choices[0].option == "--classes-at 2"


def test_folders_that_do_not_reach_the_chosen_level_are_named(tmp_path):
    fill(tmp_path, "cat/young", "cat/old", "dog")

    layout = recognise(tmp_path, answers=Answers(classes_at=2))

    assert layout.classes == ("dog", "old", "young")
    assert layout.warnings == ("'dog' has no folders on level 2: it is a class itself.",)


def test_a_copy_of_the_data_set_within_itself_can_be_left_out(tmp_path):
    names = [f"kind {letter}" for letter in "abcdef"]
    fill(tmp_path, *names, *(f"whole/{name}" for name in names))

    choice = asked(tmp_path).choices[0]

    assert choice.text == "Without 'whole'"
    assert choice.detail == "12 pictures not used."
    assert found(recognise(tmp_path, answers=choice.answers)) == [(name, name, None) for name in names]


def test_one_of_two_data_sets_with_subsets_is_offered(tmp_path):
    fill(
        tmp_path, *(f"casting/casting/{part}/{kind}" for part in ("train", "test") for kind in ("ok", "def"))
    )
    fill(tmp_path, "casting_512/casting_512/ok", "casting_512/casting_512/def")

    choice = asked(tmp_path).choices[0]

    assert choice.text == "Only the folders in 'casting'"
    assert recognise(tmp_path, answers=choice.answers).parts == ("train", "test")
