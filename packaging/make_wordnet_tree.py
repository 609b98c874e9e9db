"""Makes the tree of ImageNet's classes from WordNet: ``python packaging/make_wordnet_tree.py DATA_NOUN``.

DATA_NOUN is ``data.noun`` of WordNet 3.0, in ``/usr/share/wordnet`` of the Debian package ``wordnet-base``.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path

from desktop_app.core.kinds.tree import kind_members

RESOURCES = Path(__file__).parent.parent / "resources"


def main() -> None:
    """Write ``tree.csv``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data_noun", type=Path, metavar="DATA_NOUN")
    parser.add_argument("--output", type=Path, default=RESOURCES / "wordnet" / "tree.csv")
    options = parser.parse_args()
    write_tree(options.data_noun, options.output)


def write_tree(data_noun: Path, output: Path) -> None:
    """Make the tree of the classes and of all above them."""
    lemmas, above = read_nouns(data_noun)
    labels = {row["synset"]: row["name"].replace("_", " ") for row in read_table("imagenet_labels.csv")}
    needed: dict[str, tuple[str, ...]] = {}
    waiting = list(labels)
    while waiting:
        synset = waiting.pop()
        if synset not in needed:
            needed[synset] = above[synset]
            waiting += above[synset]
    kinds = (tuple(row.values()) for row in read_table("wordnet/kinds.csv"))
    members = kind_members(kinds, needed)
    often = Counter(labels.values())
    names = {synset: lemmas[synset] for synset in needed} | labels
    for synset, name in labels.items():
        if often[name] > 1:
            others = [other for other in labels if labels[other] == name and other != synset]
            names[synset] = f"{name} ({qualifier(synset, others, members, lemmas[above[synset][0]])})"
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("synset", "name", "hypernyms"))
        for synset in sorted(needed):
            writer.writerow((synset, names[synset], " ".join(needed[synset])))


def read_nouns(path: Path) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Read the first word and the hypernyms of each synset; `man 5 wndb` describes the format."""
    lemmas: dict[str, str] = {}
    above: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith("  "):
            continue  # the licence
        fields = line.split(" | ", 1)[0].split()
        synset = f"n{fields[0]}"
        lemmas[synset] = fields[4].replace("_", " ")
        start = 4 + 2 * int(fields[3], 16)
        pointers = [fields[start + 1 + 4 * number :][:3] for number in range(int(fields[start]))]
        above[synset] = tuple(f"n{to}" for sign, to, _part in pointers if sign in {"@", "@i"})
    return lemmas, above


def qualifier(synset: str, others: list[str], members: dict[str, frozenset[str]], above: str) -> str:
    """Say which of several classes with one name this is: its everyday kind, or what WordNet has above it.

    Args:
        synset: The id of the class.
        others: The ids of those with the same name.
        members: The classes of each everyday kind, the smallest kind first.
        above: The name of the synset above.
    """
    classes = {synset, *others}
    kinds = [next((name for name in members if entry in members[name]), "") for entry in (synset, *others)]
    own = kinds[0]
    shared = any(members.get(name, frozenset()) >= classes for name in kinds)
    return above if shared or not own else own


def read_table(name: str) -> list[dict[str, str]]:
    """Read a table of the resources."""
    with (RESOURCES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
