from desktop_app.core.datasets.layout.class_names import ClassNames


def test_the_same_name_is_the_same_class():
    names = ClassNames()

    assert names.add(["cats", "dogs"]) == [0, 1]
    assert names.add(["dogs", "cats"]) == [1, 0]
    assert names.merged == names.doubtful == []


def test_names_that_differ_in_case_separators_or_composition_are_one_class_if_only_one_can_be_meant():
    names = ClassNames()
    names.add(["Golden Retriever", "cafe\u0301", "pug"])

    assert names.add(["golden_retriever", "caf\u00e9", "PUG"]) == [0, 1, 2]
    assert names.merged[0] == ("golden_retriever", "Golden Retriever")


def test_exact_names_come_first():
    names = ClassNames()
    names.add(["Cats", "cats"])

    assert names.add(["cats", "Cats"]) == [1, 0]


def test_two_that_may_be_meant_leave_a_class_of_its_own():
    names = ClassNames()
    names.add(["Cats", "cats"])

    assert names.add(["CATS"]) == [2]
    assert names.doubtful == ["CATS"]


def test_two_folders_for_one_class_stay_apart():
    names = ClassNames()
    names.add(["cats"])

    assert names.add(["Cats", "CATS"]) == [1, 2]
    assert names.doubtful == ["Cats", "CATS"]


def test_a_name_that_was_taken_for_another_is_its_own_class_where_both_are():
    names = ClassNames()
    names.add(["Cats"])
    assert names.add(["cats"]) == [0]

    assert names.add(["Cats", "cats"]) == [0, 1]


def test_the_case_of_a_letter_is_its_class():
    names = ClassNames()
    names.add(["A", "a", "b"])

    assert names.add(["B", "a"]) == [3, 1]


def test_names_are_not_compared_loosely_where_that_is_not_asked_for():
    names = ClassNames()
    names.add(["Cats"])

    assert names.add(["cats"], loosely=False) == [1]


def test_printable_names_are_unique_and_in_natural_order():
    names = ClassNames()
    names.add(["b\x00", "b\x01", "a10", "a9"])

    assert [names.name(number) for number in names.in_order()] == [
        "a9",
        "a10",
        "b\N{REPLACEMENT CHARACTER}",
        "b\N{REPLACEMENT CHARACTER} (2)",
    ]
