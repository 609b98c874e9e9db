"""The script that makes the tree of ImageNet's classes."""

from __future__ import annotations

DATA = """\
  1 This software and database
00000001 03 n 01 entity 0 001 ~ 00000002 n 0000 | that which exists
00000002 05 n 02 domestic_cat 0 Felis_catus 1 002 @ 00000001 n 0000 ;u 00000005 n 0000 | a | cat
00000003 05 n 0b tabby 0 b 0 c 0 d 0 e 0 f 0 g 0 h 0 i 0 j 0 k 0 002 @ 00000002 n 0000 @i 00000001 n 0000 | x
"""


def test_nouns_are_read_with_all_their_hypernyms(script, tmp_path):
    path = tmp_path / "data.noun"
    path.write_text(DATA)
    names, above = script("make_wordnet_tree").read_nouns(path)
    assert names == {"n00000001": "entity", "n00000002": "domestic cat", "n00000003": "tabby"}
    assert above["n00000001"] == ()
    assert above["n00000002"] == ("n00000001",)
    assert above["n00000003"] == ("n00000002", "n00000001")


def test_classes_of_one_name_are_told_apart_by_their_kinds_or_what_is_above(script):
    qualifier = script("make_wordnet_tree").qualifier
    members = {"swimsuit": frozenset("ab"), "bird": frozenset("c"), "clothing": frozenset("abx")}
    assert qualifier("c", ["y"], members, "wading bird") == "bird"
    assert qualifier("y", ["c"], members, "lifting device") == "lifting device"
    assert qualifier("x", ["a"], members, "tights") == "tights"
    assert qualifier("a", ["x"], members, "swimming costume") == "swimming costume"
