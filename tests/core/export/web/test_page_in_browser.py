"""The page in a real browser, with a runtime of a few lines."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from tests.core.export.models import card
from tests.core.export.web.pages import (
    ANSWERED,
    FAILS,
    LABELS,
    MEANS,
    MESSAGE,
    NUMBERS,
    REFUSED,
    SENTENCE,
    answer_for,
    hand_over,
    page,
    png,
)
from tests.servers import respond

COLOURS = ("red", "green", "blue")


def plain(colour, size=(20, 20)):
    return png(Image.new("RGB", size, colour))


def test_a_picture_gets_its_labels_however_it_comes(browser, tmp_path):
    address = page(tmp_path / "page", card(), COLOURS)
    browser.open(address)
    (tmp_path / "red.png").write_bytes(plain((250, 0, 0)))
    browser.choose_files("#file", tmp_path / "red.png")
    browser.wait_for(ANSWERED)
    assert browser.run(LABELS) == ["red", "green", "blue"]
    assert browser.run(NUMBERS) == ["100.0%", "0.0%", "0.0%"]
    assert browser.run("[...document.querySelectorAll('#bars progress')].map(one => one.value)")[0] == 1
    browser.wait_for("document.getElementById('picture').naturalWidth === 20")
    browser.run(hand_over(plain((0, 250, 0))))
    browser.wait_for(f"{MESSAGE} === 'green'")
    browser.run(hand_over(plain((0, 0, 250)), "paste"))
    browser.wait_for(f"{MESSAGE} === 'blue'")
    assert browser.complaints == []
    folder = address.rpartition("/")[0]
    assert all(url.startswith((folder, "blob:")) for url in browser.addresses), browser.addresses


def test_low_confidence_is_said_in_words(browser, tmp_path):
    browser.open(page(tmp_path / "page", card().changed(calibration={"not_sure_below": 0.6}), COLOURS))
    browser.run(hand_over(plain((100, 90, 10))))
    browser.wait_for(f"{MESSAGE} === 'Could be: red (50.0%). It may be something else.'")


def test_labels_and_names_are_text_and_never_markup(browser, tmp_path):
    odd = "</script><img alt=x>\u2028"
    browser.open(page(tmp_path / "page", card().changed(name=odd, description=odd), [odd, "b", "c"]))
    browser.run(hand_over(plain((250, 0, 0))))
    browser.wait_for(ANSWERED)
    assert browser.run(LABELS)[0] == odd
    assert browser.run("document.getElementById('name').textContent") == odd
    assert browser.run("document.querySelectorAll('main img').length") == 1


def test_what_is_no_picture_is_said_so(browser, tmp_path):
    browser.open(page(tmp_path / "page", card(), COLOURS))
    browser.run(hand_over(b"<!DOCTYPE html><html></html>", name="page.html"))
    browser.wait_for(f'{SENTENCE} === "This browser can\'t open page.html as a picture."')
    browser.run(hand_over(b"", name="nothing.png"))
    browser.wait_for(f"{SENTENCE} === 'nothing.png is empty.'")
    browser.run(
        "{ const carried = new DataTransfer(); carried.setData('text/plain', 'no file');"
        "document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true})) }"
    )
    browser.wait_for(f"{SENTENCE} === 'That is not a picture file.'")
    browser.run(hand_over(plain((250, 0, 0))))  # and it goes on
    browser.wait_for(f"!{REFUSED} && {MESSAGE} === 'red'")


def test_a_picture_too_large_for_the_page_is_refused(browser, tmp_path):
    folder = tmp_path / "page"
    address = page(folder, card(), COLOURS)
    script = (folder / "page.js").read_text()
    assert "50_000_000" in script
    (folder / "page.js").write_text(script.replace("50_000_000", "1_000_000"))
    browser.open(address)
    browser.run(hand_over(plain((250, 0, 0), (1600, 1250))))
    browser.wait_for(f"{SENTENCE} === 'The picture has 2 megapixels; this page takes at most 1.'")


def test_a_model_that_fails_says_why(browser, tmp_path):
    browser.open(page(tmp_path / "page", card(), COLOURS, FAILS))
    browser.run(hand_over(plain((250, 0, 0))))
    browser.wait_for(f'{SENTENCE} === "The model can\'t answer: no memory"')
    browser.open(page(tmp_path / "other", card(), COLOURS, "throw new Error('too old');"))
    browser.run(hand_over(plain((250, 0, 0))))
    browser.wait_for(f'{SENTENCE}.startsWith("The model doesn\'t start in this browser: ")')
    browser.complaints.clear()


def test_several_labels_have_thresholds_and_no_sum(browser, tmp_path):
    described = card(task="multi-label").changed(thresholds=(0.5, 0.9, 0.2))
    browser.open(page(tmp_path / "page", described, COLOURS, MEANS))
    browser.run(hand_over(plain((204, 204, 102))))
    browser.wait_for(f"{MESSAGE} === 'red, blue'")
    assert browser.run(NUMBERS) == ["80.0%", "80.0%", "40.0%"]
    found = browser.run("[...document.querySelectorAll('#bars .threshold')].map(one => one.textContent)")
    assert found[0] == "Yes: at or above its threshold of 50.0%"
    assert found[1] == "No: below its threshold of 90.0%"
    browser.run(hand_over(plain((0, 0, 0))))
    browser.wait_for(f"{MESSAGE} === 'None of its labels'")


def test_amounts_have_units_and_no_bars(browser, tmp_path):
    described = card(task="regression").changed(units=("m", "", "kg"))
    browser.open(page(tmp_path / "page", described, ("length", "count", "weight"), MEANS))
    browser.run(hand_over(plain((255, 51, 0))))
    browser.wait_for(ANSWERED)
    assert browser.run(NUMBERS) == ["1 m", "0.2", "0 kg"]
    assert browser.run("document.querySelectorAll('#bars progress').length") == 0


def test_the_best_part_of_a_thin_picture_counts(browser, tmp_path):
    browser.open(page(tmp_path / "page", card(thin="parts"), COLOURS))
    pixels = np.full((10, 60, 3), 100, np.uint8)
    pixels[:, 40:50] = (0, 0, 255)
    browser.run(hand_over(png(Image.fromarray(pixels))))
    browser.wait_for(f"{MESSAGE} === 'blue'")
    assert "about part 5 of 6 of this long picture" in browser.run("document.body.innerText")


@pytest.mark.parametrize(
    ("task", "kind", "temperature"),
    [
        ("classification", "softmax", 0.6),
        ("classification", "logits", 1.7),
        ("multi-label", "sigmoid", 1.4),
        ("multi-label", "logits", 0.8),
    ],
)
def test_two_views_are_averaged_as_the_classifier_does(browser, tmp_path, task, kind, temperature):
    """Before the temperature, which the model's answers hold already."""
    described = card(task=task, temperature=temperature, fit="both", crop_share=0.5)
    browser.open(page(tmp_path / "page", described, COLOURS, MEANS, kind))
    outputs = np.random.default_rng(0).normal(0, 2, (2, 3))
    if kind == "softmax":
        outputs = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    if kind == "sigmoid":
        outputs = 1 / (1 + np.exp(-outputs))

    def meant(rows):
        if task == "multi-label":
            odds = rows if kind == "logits" else np.log(rows) - np.log(1 - rows)
            return 1 / (1 + np.exp(-odds / temperature))
        logits = (rows if kind == "logits" else np.log(rows)) / temperature
        return np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)

    rows = json.dumps(meant(outputs).tolist())
    found = browser.run(f"Views.combined({rows}, sightlineModel.facts).row")
    assert found == pytest.approx(meant(outputs.mean(axis=0)).tolist(), abs=1e-9)


def test_the_page_reaches_no_address(browser, tmp_path, serve):
    """Even code that wants to cannot."""
    server = serve(lambda request: respond(request, b""))
    browser.open(page(tmp_path / "page", card(), COLOURS))
    browser.run(
        "globalThis.blocked = [];"
        "document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.blockedURI))"
    )
    tries = (
        f"fetch('{server.url}/a').catch(() => {{}})",
        f"new Image().src = '{server.url}/b'",
        f"void new WebSocket('{server.url.replace('http', 'ws')}/c')",
        f"navigator.sendBeacon('{server.url}/d', 'x')",
        f"document.body.append(Object.assign(document.createElement('script'), {{src: '{server.url}/e'}}))",
        f"document.body.append(Object.assign(document.createElement('iframe'), {{src: '{server.url}/f'}}))",
        f"import('{server.url}/g').catch(() => {{}})",
    )
    for code in tries:
        browser.run(code)
    browser.wait_for(f"blocked.length >= {len(tries)}")
    assert all(f":{server.port}" in address for address in browser.run("blocked"))
    assert server.requests == []


def test_a_server_of_plain_files_is_enough(browser, tmp_path, serve):
    address = page(tmp_path / "page", card(), COLOURS)
    kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    folder = tmp_path / "page"
    assert address.endswith("/index.html")
    server = serve(
        lambda request: respond(
            request,
            (folder / request.path.strip("/")).read_bytes(),
            headers={"Content-Type": kinds[request.path.rpartition(".")[2]]},
        )
    )
    browser.open(f"{server.url}/index.html")
    assert answer_for(browser, plain((0, 250, 0)))[1] == pytest.approx(1)
    assert browser.complaints == []


def test_keys_and_screen_readers_find_everything(browser, tmp_path):
    browser.open(page(tmp_path / "page", card(), COLOURS))
    answer_for(browser, plain((250, 0, 0)))
    tree = browser.call("Accessibility.getFullAXTree")["nodes"]
    controls = [node for node in tree if node["role"]["value"] in {"button", "textbox", "link"}]
    assert [node["name"]["value"] for node in controls] == ["Choose a picture"]
    assert all(node["name"]["value"] for node in tree if node["role"]["value"] == "image")
    assert [node["role"]["value"] for node in tree].count("status") == 1
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", windowsVirtualKeyCode=9)
    assert browser.run("document.activeElement.id") == "choose"
