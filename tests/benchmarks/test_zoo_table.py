"""The zoo's verdicts are kept from run to run and shown in a page."""

from __future__ import annotations

import json

from benchmarks.frame.report import BEGIN, END
from benchmarks.zoo_models.judge import LEGIT_REFUSED, RIGHT, Verdict
from benchmarks.zoo_models.table import OWN_SIZE, PAGE, RESULTS, SMALL, keep, markdown, write

RIGHT_ONE = Verdict("One", RIGHT, "asked: 1, likely", "", {"tensorflow": 2e-7, "openvino": 3e-6})
REFUSED_ONE = Verdict("Two", LEGIT_REFUSED, words="two.keras is refused: a | b")
NAMES = {"applications": ["One", "Two", "Three"]}


def test_a_later_verdict_takes_the_place_of_an_earlier_one(tmp_path):
    path = tmp_path / "zoo.json"
    keep("applications", [RIGHT_ONE, REFUSED_ONE], date="2026-11-01", size=OWN_SIZE, path=path)
    again = Verdict("Two", RIGHT, "decided", "", {"tensorflow": 0.0})
    kept = keep("applications", [again], date="2026-11-02", size=OWN_SIZE, path=path)["applications"]
    assert kept == json.loads(path.read_text(encoding="utf-8"))["applications"]
    assert kept["Two"]["outcome"] == RIGHT
    assert [kept[name]["date"] for name in ("One", "Two")] == ["2026-11-01", "2026-11-02"]


def test_small_pictures_do_not_replace_a_verdict_at_a_model_s_own_size(tmp_path):
    path = tmp_path / "zoo.json"
    keep("applications", [RIGHT_ONE], date="2026-11-01", size=OWN_SIZE, path=path)
    kept = keep("applications", [RIGHT_ONE], date="2026-11-02", size=SMALL, path=path)
    assert kept["applications"]["One"]["size"] == OWN_SIZE
    kept = keep("applications", [REFUSED_ONE], date="2026-11-02", size=SMALL, path=path)
    assert kept["applications"]["Two"]["size"] == SMALL


def test_the_page_counts_and_names_what_is_not_right(tmp_path):
    kept = keep(
        "applications", [RIGHT_ONE, REFUSED_ONE], date="2026-11-01", size=SMALL, path=tmp_path / "zoo.json"
    )
    page = tmp_path / "zoo.md"
    page.write_text(f"Before.\n\n{BEGIN}\n\nold\n\n{END}\n", encoding="utf-8")
    write(kept, NAMES, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before.")
    assert "old" not in text
    assert "2 of 3 judged, 2026-11-01, with Keras 3." in text
    assert "| right | 1 |" in text
    assert "| not judged | 1 |" in text
    assert "proposed first for 1 of the 1 " in text
    assert "| One | right | small pictures | asked: 1, likely | 2e-07 | 3e-06 |" in text
    assert f"| Two | {LEGIT_REFUSED} | two.keras is refused: a / b |" in text
    assert "| Three | not judged | | | | |" in text


def test_the_page_in_docs_is_that_of_the_kept_verdicts():
    from benchmarks.zoo import names_of

    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    shown = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown.strip() == markdown(kept, names_of(kept)).strip()
