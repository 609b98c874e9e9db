"""What a page is made of, and which models it refuses."""

from __future__ import annotations

import base64
import gzip
import json
import re

import pytest

from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.web import page as module
from desktop_app.core.export.web.page import check_kind, check_page, write_page
from desktop_app.core.export.web.runtime import WebRuntime
from desktop_app.core.foundation import paths
from tests.core.export.models import card

LABELS = ("Ä </script>", "b", "c")
RUNTIME = WebRuntime("var ort = {};", b"\0asm")


def written(folder, described, kind="softmax"):
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"a model" * 1000)
    write_page(folder, described, kind, LABELS, RUNTIME)
    return folder


def content(path, name):
    found = re.fullmatch(rf"globalThis\.{name} = (.+);\n", path.read_text(encoding="ascii"))
    return json.loads(found[1])


def unpacked(text):
    return gzip.decompress(base64.b64decode(text))


def test_model_and_runtime_become_scripts(tmp_path):
    folder = written(tmp_path / "page", card(fit="both", crop_share=0.8, thin="parts", mirrored=True))
    assert sorted(each.name for each in folder.iterdir()) == [
        "LICENCES.txt",
        "icon.svg",
        "index.html",
        "model.js",
        "page.css",
        "page.js",
        "preparation.js",
        "runtime.js",
        "views.js",
    ]
    model = content(folder / "model.js", "sightlineModel")
    assert unpacked(model["model"]) == b"a model" * 1000
    facts = model["facts"]
    assert facts["labels"] == list(LABELS)
    assert facts["temperature"] == 1.3
    assert facts["thresholds"] == facts["units"] == []
    assert facts["input"] == {
        "height": 12,
        "width": 12,
        "fit": "both",
        "cropShare": 0.8,
        "resample": "bicubic",
        "inParts": True,
        "thinCropped": False,
    }
    runtime = content(folder / "runtime.js", "sightlineRuntime")
    assert unpacked(runtime["wasm"]) == RUNTIME.wasm
    assert runtime["code"].startswith(RUNTIME.code)
    licences = (folder / "LICENCES.txt").read_text(encoding="utf-8")
    for part in ("The Sightline authors", "Microsoft Corporation", "protobuf", "Eigen", "musl"):
        assert part in licences


def test_the_same_model_makes_the_same_page(tmp_path):
    one, other = (written(tmp_path / name, card()) for name in "ab")
    assert all(each.read_bytes() == (other / each.name).read_bytes() for each in one.iterdir())


def test_the_page_names_no_other_address(tmp_path):
    """What is in the runtime and in the licences is never opened: the policy forbids it."""
    folder = written(tmp_path / "page", card())
    html = (folder / "index.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*|unsafe-inline|'unsafe-eval'", policy)
    assert re.findall(r'(?:src|href)="([^"]+)"', html) == [
        "icon.svg",
        "page.css",
        *(f"{name}.js" for name in ("preparation", "views", "model", "runtime", "page")),
        "icon.svg",
    ]
    for name in ("page.js", "preparation.js", "views.js", "page.css", "index.html"):
        assert "://" not in (folder / name).read_text(), name
    assert " style=" not in html


def test_labels_are_named_as_in_the_window_and_none_twice():
    described = card(4)
    entries = [entry.model_dump() for entry in described.classes]
    entries[0] |= {"class_id": "n02123045", "label": "tabby_cat"}
    entries[1]["label"] = entries[3]["label"] = "two\nlines"
    labels = module.page_labels(described.changed(classes=entries))
    assert labels == ["tabby cat", "two lines (id-1)", "class 2", "two lines (id-3)"]


def test_the_page_says_the_licence_in_one_sentence():
    facts = module.page_facts(card().changed(licence="MIT.\nBy a friend."), "softmax", LABELS)
    assert facts["origin"].endswith("Licence of the model: MIT. By a friend.")


def test_thresholds_are_the_card_s_or_the_usual_one():
    several = card(task="multi-label")
    assert module.page_facts(several, "sigmoid", LABELS)["thresholds"] == [0.5] * 3
    own = several.changed(thresholds=(0.1, 0.2, 0.3))
    assert module.page_facts(own, "sigmoid", LABELS)["thresholds"] == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ("described", "words"),
    [
        (card(0, task="embedding"), "gives features"),
        (card(pixels={"black": 0, "white": 4095}), "black or white were chosen"),
        (card(pixels={"plane": "maximum"}), "planes"),
    ],
)
def test_a_model_that_a_page_would_be_wrong_about_is_refused(described, words):
    with pytest.raises(CannotExport, match=words):
        check_page(described)


def test_other_models_are_taken():
    for described in (card(), card(task="regression"), card(pixels={"thin": "crop"})):
        check_page(described)


def test_two_views_of_what_does_not_sum_to_1_are_refused():
    check_kind(card(fit="both"), "softmax")
    check_kind(card(), "sigmoid")
    check_kind(card(classes=2, fit="both"), "sigmoid")
    with pytest.raises(CannotExport, match="mean over two views"):
        check_kind(card(fit="both"), "sigmoid")


def test_a_model_too_large_for_a_browser_is_refused_with_both_sizes(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_MODEL_BYTES", 6000)
    with pytest.raises(CannotExport, match=r"7\.0 kB, and at most 6\.0 kB"):
        written(tmp_path / "page", card())


def test_the_notices_belong_to_the_runtime_that_is_fetched():
    text = (paths.resources() / "web" / "runtime-licences.txt").read_text(encoding="utf-8")
    assert text.startswith(module.RUNTIME_NAME)
