from pathlib import Path

import pytest

from desktop_app.core.datasets.answers import GroupRule
from desktop_app.core.datasets.groups import proposal
from desktop_app.core.datasets.groups.proposal import option_of, proposals

DATA = Path("/data")


def proposed(make, classes=("a", "b"), parts=(None,)):
    paths, places, folders = [], [], []
    for part in parts:
        for label, kind in enumerate(classes):
            folder = DATA / (part or "") / kind
            folders.append(folder)
            names = make(kind)
            paths += [folder / name for name in names]
            places += [(label, part)] * len(names)
    return proposals(paths, places, folders, DATA)


def test_folders_with_several_pictures_are_proposed():
    (found,) = proposed(lambda _kind: [f"patient{p}/{n}.png" for p in range(5) for n in range(4)])
    assert found.rule == GroupRule(kind="folder")
    assert found.seen == "Folders below the classes hold several pictures each, such as patient0"
    assert found.grouping.words == "5 groups, 8 pictures each"
    assert found.which == "the pictures of one patient"
    assert len(found.pictures) == 6
    assert {path.parent.name for path in found.pictures} == {"patient0"}
    assert found.sure


def test_the_level_with_several_folders_is_proposed():
    (found,) = proposed(lambda _kind: [f"images/p{p}/{n}.png" for p in range(5) for n in range(4)])
    assert found.rule == GroupRule(kind="folder", level=2)
    assert found.which == "the pictures of one folder"


@pytest.mark.parametrize(
    "make",
    [
        lambda _kind: [f"images/{n}.png" for n in range(20)],
        lambda _kind: [f"{n}/{n}.png" for n in range(20)],
        lambda _kind: [f"{n}.png" for n in range(20)],
        lambda _kind: [f"more/{n}.png" for n in range(2)] + [f"{n}.png" for n in range(20)],
        lambda _kind: [f"IMG_202301{n + 1:02}_120000.jpg" for n in range(20)],
    ],
    ids=["wrapper", "one each", "none", "few", "far apart"],
)
def test_wrappers_and_single_pictures_are_not_proposed(make):
    assert proposed(make, classes=("a",) if "IMG" in make("a")[0] else ("a", "b")) == []


def test_bursts_are_proposed_from_times_in_names():
    (found,) = proposed(
        lambda kind: [f"IMG_202301{d + 10}_12{ord(kind)}{n:02}.jpg" for d in range(9) for n in range(4)],
        classes=("0", "1"),
    )
    assert found.rule == GroupRule(kind="time", seconds=10)
    assert found.which == "the pictures of one burst"


def test_a_folder_and_a_name_are_both_offered():
    found = proposed(lambda _kind: [f"day{p // 2}/patient{p}_{n}.png" for p in range(8) for n in range(4)])
    assert [option_of(each.rule) for each in found] == ["--group folder:1", "--group 'name:(patient\\d+)'"]


def test_sites_above_the_classes_are_proposed():
    folders = [DATA / f"camera{site}" / kind for site in range(4) for kind in ("a", "b")]
    paths = [folder / f"{number}.png" for folder in sorted(folders, key=str) for number in range(5)]
    places = [("ab".index(path.parent.name), None) for path in paths]
    (found,) = proposals(paths, places, folders, DATA)
    assert found.rule == GroupRule(kind="above")
    assert found.seen == "Folders above the classes hold several pictures each, such as camera0"
    assert found.which == "the pictures of one camera"
    assert found.grouping.words == "4 groups, 10 pictures each"


def test_bare_numbers_may_begin_anew():
    (found,) = proposed(lambda _kind: [f"{p:04}_{n}.png" for p in range(8) for n in range(4)])
    assert not found.sure
    assert found.which == "pictures that share a name like 0000"


def test_very_many_pictures_are_judged_by_some(monkeypatch):
    monkeypatch.setattr(proposal, "_SAMPLE", 100)
    seen = []
    real = proposal.repeating_field
    monkeypatch.setattr(
        proposal, "repeating_field", lambda names, places: seen.append(len(names)) or real(names, places)
    )
    (found,) = proposed(lambda _kind: [f"patient{p:03}_{n:02}.png" for p in range(60) for n in range(10)])
    assert seen == [120]
    assert found.grouping.words == "60 groups, 20 pictures each"


@pytest.mark.parametrize(
    ("rule", "option"),
    [
        (GroupRule(), "--group none"),
        (GroupRule(kind="folder", level=2), "--group folder:2"),
        (GroupRule(kind="above"), "--group above:1"),
        (GroupRule(kind="name", pattern=r"^(p\d+)_"), r"--group 'name:^(p\d+)_'"),
        (GroupRule(kind="time", seconds=2.5), "--group time:2.5"),
    ],
)
def test_a_rule_as_the_command_line_takes_it(rule, option):
    assert option_of(rule) == option


def test_persons_that_one_class_alone_names_are_proposed():
    def make(kind):
        if kind == "normal":
            return [f"IM-{number:04}-0001.jpeg" for number in range(24)]
        return [f"person{number // 4}_bacteria_{number}.jpeg" for number in range(24)]

    (found,) = proposed(make, classes=("normal", "pneumonia"))

    assert found.rule == GroupRule(kind="name", pattern=r"(person\d+)")
    assert found.grouping.words == "6 groups, 4 pictures each"
    assert found.grouping.alone == 24
