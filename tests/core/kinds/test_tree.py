"""WordNet's tree above ImageNet's classes, and the kinds that people name."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.kinds.tree import ROOT, kind_members, kind_tree, read_tree, readable_name
from desktop_app.core.library.imagenet_labels import imagenet_labels

TREE = kind_tree()
ALL = {entry.class_id for entry in imagenet_labels()}
IDS = {entry.label: entry.class_id for entry in imagenet_labels()}


def ancestors(synset):
    found, waiting = {synset}, [synset]
    while waiting:
        above = set(TREE.hypernyms[waiting.pop()]) - found
        found |= above
        waiting += above
    return found


def test_every_class_has_a_path_to_the_root():
    for entry in imagenet_labels():
        assert ROOT in ancestors(entry.class_id), entry.label
    assert TREE.hypernyms[ROOT] == ()


def test_the_classes_are_the_leaves():
    above = {synset for several in TREE.hypernyms.values() for synset in several}
    assert TREE.hypernyms.keys() - above == ALL


def test_every_kind_has_several_classes_of_imagenet():
    assert len(TREE.members) >= 100
    for name, classes in TREE.members.items():
        assert len(classes) >= 2, name
        assert classes <= ALL, name


@pytest.mark.parametrize(
    ("label", "kinds"),
    [
        ("tabby", ["cat", "mammal", "animal"]),
        ("tiger_cat", ["cat", "mammal", "animal"]),
        ("tiger", ["big cat", "mammal", "animal"]),
        ("golden_retriever", ["dog", "mammal", "animal"]),
        ("toy_terrier", ["dog", "mammal", "animal"]),
        ("toy_poodle", ["dog", "mammal", "animal"]),
        ("dingo", ["wild dog", "mammal", "animal"]),
        ("Madagascar_cat", ["lemur", "mammal", "animal"]),
        ("hotdog", ["sandwich", "food"]),
        ("meat_loaf", ["food"]),
        ("minivan", ["van", "car", "vehicle"]),
        ("schooner", ["boat", "boat or ship", "vehicle"]),
        ("great_white_shark", ["shark", "fish", "animal"]),
        ("acoustic_guitar", ["guitar", "musical instrument"]),
        ("seat_belt", []),
    ],
)
def test_known_classes_belong_to_their_kinds(label, kinds):
    assert list(TREE.kinds_of(IDS[label])) == kinds


def test_a_class_that_two_ways_lead_to_counts_once():
    above = {
        "entity": (),
        "animal": ("entity",),
        "pet": ("entity",),
        "dog": ("animal", "pet"),
        "cat": ("pet",),
    }
    kinds = [("pet or animal", "pet animal", ""), ("pet", "pet", "cat"), ("all", "entity", "")]
    members = kind_members(iter(kinds), above)
    assert members == {"pet": {"dog"}, "pet or animal": {"dog", "cat"}, "all": {"dog", "cat"}}
    assert next(iter(members)) == "pet"


def test_names_are_readable_and_unique():
    names = [entry.readable for entry in imagenet_labels()]
    assert len(set(names)) == 1000
    assert not any("_" in name for name in names)
    assert {name for name in names if "(" in name} == {
        "crane (bird)",
        "crane (machine)",
        "maillot (tights)",
        "maillot (swimsuit)",
    }


@pytest.mark.parametrize(
    ("class_id", "label", "name"),
    [
        ("n02124075", "Egyptian_cat", "Egyptian cat"),
        ("n02012849", "crane", "crane (bird)"),
        ("n02012849", "my_crane", "my crane"),
        ("n02123045", "n02123045", "tabby"),
        ("n02123045 tabby", "n02123045 tabby", "tabby"),
        ("n02123045_tabby", "n02123045_tabby", "tabby"),
        ("n99999999", "n99999999", "n99999999"),
        ("cats", "cats", "cats"),
        ("my_cats", "my_cats", "my cats"),
        ("n1", "n1", "n1"),
    ],
)
def test_readable_names(class_id, label, name):
    assert readable_name(class_id, label) == name


@pytest.mark.parametrize("broken", ["tree.csv", "kinds.csv"])
def test_a_damaged_tree_is_said(tmp_path, broken):
    (tmp_path / "tree.csv").write_text("synset,name,hypernyms\nn1,cat,n2\nn2,animal,\n")
    (tmp_path / "kinds.csv").write_text("kind,synsets,without\nanimal,n2,\n")
    assert read_tree(tmp_path).members == {"animal": {"n1"}}
    (tmp_path / broken).write_text("")
    with pytest.raises(DamagedInstallation, match=r"kinds\.csv is damaged"):
        read_tree(tmp_path)
    (tmp_path / broken).write_text("a,b,c\nn1\n")
    with pytest.raises(DamagedInstallation, match=rf"{broken} cannot be read"):
        read_tree(tmp_path)
    (tmp_path / broken).unlink()
    with pytest.raises(DamagedInstallation, match=rf"{broken} cannot be read"):
        read_tree(tmp_path)
