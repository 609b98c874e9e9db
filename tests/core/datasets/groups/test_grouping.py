from pathlib import Path

import pytest

from desktop_app.core.datasets.answers import GroupRule
from desktop_app.core.datasets.groups.grouping import groups_of

DATA = Path("/data")
CLASSES = [DATA / "train/a", DATA / "train/b", DATA / "test/a"]


def roots(names, **rule):
    grouping = groups_of([DATA / name for name in names], CLASSES, DATA, GroupRule(**rule))
    return grouping.roots.tolist(), grouping.alone


def test_a_folder_is_the_same_group_in_every_class_and_subset():
    names = ["train/a/p1/1.png", "train/a/P1/2.png", "train/b/p1/1.png", "test/a/p1/9.png", "test/a/p2/1.png"]
    assert roots([*names, "train/a/1.png"], kind="folder") == ([0, 0, 0, 0, 4, 5], 1)


def test_a_deeper_level_tells_the_folders_above_apart():
    names = ["train/a/s1/p1/1.png", "train/a/s2/p1/1.png", "train/b/s1/p1/1.png", "train/b/s1/1.png"]
    assert roots(names, kind="folder", level=2) == ([0, 1, 0, 3], 1)
    assert roots(names, kind="folder", level=1) == ([0, 1, 0, 0], 0)


def test_names_are_compared_by_a_pattern_without_regard_to_case_and_spelling():
    names = ["a/patient07_1.png", "b/Patient07_2.png", "a/patient08_1.png", "a/other.png"]
    assert roots(names, kind="name", pattern=r"(?i)(patient\d+)") == ([0, 0, 2, 3], 1)
    accents = ["a/Jose\u0301_1.png", "a/Jos\u00e9_2.png"]
    assert roots(accents, kind="name", pattern=r"^([^_]+)") == ([0, 0], 0)
    assert roots(names, kind="name", pattern=r"_\d")[0] == [0, 1, 0, 3]


def test_no_rule_groups_nothing():
    assert roots(["a/1.png", "a/2.png"]) == ([0, 1], 2)


def test_groups_are_counted_in_words():
    names = [f"a/p{patient}_{number}.png" for patient in range(4) for number in range(3 + patient)]
    grouping = groups_of([DATA / name for name in names], [], DATA, GroupRule(kind="name", pattern=r"(p\d)_"))
    assert grouping.words == "4 groups, 3 to 6 pictures each"
    assert sorted(grouping.sizes.tolist()) == [3, 4, 5, 6]
    none = groups_of([DATA / "1.png"], [], DATA, GroupRule(kind="name", pattern="x"))
    assert none.words == "no groups"


def test_times_come_from_the_files(tmp_path):
    paths = [tmp_path / f"20230101_12345{second}.jpg" for second in (1, 2, 9)]
    for path in paths:
        path.write_bytes(b"")
    grouping = groups_of([*paths, tmp_path / "x.jpg"], [], tmp_path, GroupRule(kind="time", seconds=3))
    assert (grouping.roots.tolist(), grouping.alone) == ([0, 0, 2, 3], 1)


@pytest.mark.parametrize("pattern", ["(", "[", "a{2,1}"])
def test_a_pattern_that_is_none_is_refused(pattern):
    with pytest.raises(ValueError, match="no regular expression"):
        GroupRule(kind="name", pattern=pattern)
