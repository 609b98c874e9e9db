"""Which names suggest groups, and which do not."""

import hashlib
import re

import pytest

from desktop_app.core.datasets.groups.name_fields import repeating_field

CODES = ("KA", "KL", "KM", "KR", "MK", "NA")


def field_of(make, classes=("a", "b"), parts=(None,)):
    """The field in names that a function makes for a class."""
    rows = [
        (name, (label, part)) for part in parts for label, kind in enumerate(classes) for name in make(kind)
    ]
    return repeating_field([name for name, _ in rows], [place for _, place in rows])


def pairs(first, second):
    return [(one, other) for one in range(first) for other in range(second)]


@pytest.mark.parametrize(
    ("form", "pattern", "word"),
    [
        ("patient{0:02}_{1:03}.png", r"(patient\d+)", "patient"),
        ("P{0:03}-{1}.png", r"(P\d+)", ""),
        ("case_{0}_slice_{1:03}.png", r"(case_\d+)", "case"),
        ("slice_{1:03}_case_{0}.png", r"(case_\d+)", "case"),
        ("video{0}_frame{1:04}.jpg", r"(video\d+)", "video"),
        ("{0:05}_{1:05}.ppm", r"^([^\W_]+)", ""),
        ("site{0} img {1}.png", r"(site\d+)", "site"),
        ("{1:04}_p{0}.png", r"(p\d+)", ""),
        ("IMG_{0:04} ({1}).jpg", r"(IMG_\d+)", ""),
        ("img_{0:04}_crop_{1}.png", r"(img_\d+)", ""),
        ("a3f{0:03}b9c_{1}.png", r"^([^\W_]+)", ""),
        ("2023-01-{0:02}_{1}.jpg", r"((?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d)(?!\d)", ""),
    ],
)
def test_a_part_that_repeats_is_found(form, pattern, word):
    def make(_kind):
        return [form.format(one + 10, other) for one, other in pairs(8, 5)]

    found = field_of(make)
    assert (found.pattern, found.word) == (pattern, word)
    groups = {re.search(found.pattern, name).group(1) for name in make("a")}
    assert len(groups) == 8
    assert re.search(found.pattern, make("a")[0]).group(1) == found.example


def test_the_finer_of_two_named_parts_is_taken():
    found = field_of(lambda _kind: [f"site{p % 3}_patient{p:02}_{n}.png" for p, n in pairs(12, 4)])
    assert found.pattern == r"(patient\d+)"


def test_the_name_of_the_class_in_front_is_no_matter():
    found = field_of(lambda kind: [f"{kind}_p{p:02}_{n}.png" for p, n in pairs(8, 5)])
    assert found.pattern == r"(p\d+)"


def test_codes_of_persons_in_every_class_are_found():
    found = field_of(lambda kind: [f"{code}.{kind}{n}.{10 * n}.tiff" for code in CODES for n in range(4)])
    assert (found.pattern, found.example) == (r"^([^\W_]+)", "KA")


@pytest.mark.parametrize(
    "make",
    [
        lambda _kind: [f"img_{n:04}.jpg" for n in range(50)],
        lambda _kind: [f"{n:06}.png" for n in range(50)],
        lambda kind: [f"{kind}.{n}.jpg" for n in range(50)],
        lambda kind: [f"n0144{ord(kind)}_{31 * n}.JPEG" for n in range(50)],
        lambda kind: [f"{hashlib.md5(f'{kind}{n}'.encode()).hexdigest()}.jpg" for n in range(50)],
        lambda _kind: [f"patient{n:03}_{n:03}.png" for n in range(50)],
        lambda _kind: [f"{n:04}_{(224, 448, 512)[n % 3]}.jpg" for n in range(50)],
        lambda kind: [f"{kind} ({n}){mask}.png" for n in range(50) for mask in ("", "_mask")],
        lambda kind: [f"{word}{kind}_{n}.jpg" for word in CODES for n in range(8)],
        lambda _kind: [f"{977 * n}_{hashlib.md5(bytes([n])).hexdigest()[:10]}_n.jpg" for n in range(50)],
        lambda _kind: [f"patient{p}_{n}.png" for p, n in pairs(2, 20)],
        lambda _kind: ["x.png", ".png", "___.png"],
        lambda _kind: [],
    ],
    ids=range(13),
)
@pytest.mark.parametrize("parts", [(None,), ("train", "test")])
def test_numbers_hashes_and_words_of_a_class_are_no_groups(make, parts):
    assert field_of(make, parts=parts) is None


def test_names_that_are_built_in_many_ways_suggest_nothing():
    def make(_kind):
        return [f"patient{p}_{n}.png" for p, n in pairs(6, 4)] + [f"scan{n}.png" for n in range(20)]

    assert field_of(make) is None
