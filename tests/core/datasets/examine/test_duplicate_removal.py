from desktop_app.core.datasets.examine.duplicate_removal import clusters_of, superfluous


def test_what_is_alike_goes_together_in_the_order_of_the_first():
    assert clusters_of([0, 1, 0, 3, 1], [0, 1, 2, 4]) == [[0, 2], [1, 4]]


def test_nothing_goes_where_the_folders_tell_no_parts():
    assert superfluous([0, 0, 0], [0, 0, 1], [None, None, None]) == []


def test_copies_within_one_part_stay():
    assert superfluous([0, 0, 2], [0, 0, 1], ["train", "train", "test"]) == []


def test_the_test_part_goes_before_validation_and_that_before_training():
    roots = [0, 1, 2, 0, 1, 1, 6]
    parts = ["train", "train", "train", "validation", "validation", "test", "train"]
    assert superfluous(roots, [0] * 7, parts) == [0, 1, 4]


def test_the_last_training_pictures_of_a_class_stay():
    assert superfluous([0, 1, 0], [0, 1, 0], ["train", "train", "test"]) == [2]
    # Of two pictures that both have a copy in the test split, the second is the last one.
    assert superfluous([0, 1, 0, 1], [0, 0, 0, 0], ["train", "train", "test", "test"]) == [0, 3]
