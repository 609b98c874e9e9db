"""The pages in a real browser."""

import json

import pytest

from desktop_app.core.classify.classifier import Classifier
from tests import meanings
from tests.core.service.browser import PROGRAM, Browser
from tests.core.service.running import TOKEN, picture, service
from tests.servers import respond

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium installed")

ANSWERED = "!document.getElementById('answer').hidden"
REFUSED = "!document.getElementById('problem').hidden"
LABELS = "[...document.querySelectorAll('#bars .label')].map(one => one.textContent)"
MESSAGE = "document.getElementById('message').textContent"


@pytest.fixture
def browser(tmp_path):
    browser = Browser(tmp_path / "profile")
    yield browser
    browser.close()


def hand_over(kind, data, name="a.png"):
    """JavaScript that drops or pastes a file, or a text when there is no name."""
    target = {"drop": "dataTransfer", "paste": "clipboardData"}[kind]
    event = {"drop": "DragEvent", "paste": "ClipboardEvent"}[kind]
    if name is None:
        fill = f"carried.setData('text/plain', {json.dumps(data)})"
    else:
        fill = f"carried.items.add(new File([new Uint8Array({list(data)})], '{name}', {{type: 'image/png'}}))"
    return (
        f"{{ const carried = new DataTransfer(); {fill}; document.body.dispatchEvent("
        f"new {event}('{kind}', {{{target}: carried, bubbles: true, cancelable: true}})) }}"
    )


def test_a_picture_gets_its_labels_however_it_comes(browser, tmp_path, loader, serve):
    server = serve(lambda request: respond(request, picture((0, 0, 250))))
    with service(loader, allow_private_hosts=True) as running:
        browser.open(f"{running.address}/")

        (tmp_path / "red.png").write_bytes(picture((250, 0, 0)))
        browser.choose_files("#file", tmp_path / "red.png")
        browser.wait_for(ANSWERED)
        assert browser.run(LABELS)[0] == "red"
        assert browser.run("document.querySelectorAll('#bars progress').length") == 3
        assert browser.run("document.querySelector('#bars .share').textContent").endswith("%")
        browser.wait_for("document.getElementById('picture').naturalWidth === 20")

        browser.run(hand_over("drop", picture((0, 250, 0))))
        browser.wait_for(f"{MESSAGE} === 'green'")
        browser.run(hand_over("paste", picture((250, 0, 0))))
        browser.wait_for(f"{MESSAGE} === 'red'")
        browser.run(hand_over("drop", f"{server.url}/blue.png", name=None))
        browser.wait_for(f"{MESSAGE} === 'blue'")

        browser.run(f"document.getElementById('link').value = '{server.url}/blue.png'")
        browser.run("document.querySelector('#link-form button').click()")
        browser.wait_for("document.getElementById('picture').hidden")
        assert browser.complaints == []
        assert {url.split("/")[2] for url in browser.addresses if not url.startswith("blob:")} == {
            running.address.removeprefix("http://")
        }


def test_what_is_no_picture_is_said_so(browser, running):
    browser.open(f"{running.address}/")
    browser.run(hand_over("drop", b"<!DOCTYPE html><html></html>"))
    browser.wait_for(REFUSED)
    sentence = browser.run("document.getElementById('problem-sentence').textContent")
    assert sentence == "This is not a picture but a web page."
    browser.run(hand_over("drop", "no link", name=None))
    browser.wait_for("document.getElementById('problem-sentence').textContent === 'That is not a picture.'")


def test_a_picture_unlike_the_training_pictures_is_said_so_first(browser, loader):
    with service(loader) as running:
        loader.classifiers["colours"].distance = 2.0
        browser.open(f"{running.address}/")
        browser.run(hand_over("drop", picture()))
        browser.wait_for(f"{MESSAGE} === 'Unlike anything colours was trained on'")
        assert browser.run(LABELS)[0] == "green"


@pytest.mark.parametrize(
    ("changes", "message", "shown"),
    [
        (meanings.LABELS, "red, blue", ["red 98.2% right", "green 50.0% wrong", "blue 50.0% right"]),
        (meanings.AMOUNTS, "red 3.984 EUR, green 0, blue 0 kg", ["red 3.984 EUR ", "green 0 ", "blue 0 kg "]),
    ],
)
def test_labels_and_amounts_are_shown_for_what_they_are(browser, loader, changes, message, shown):
    with service(loader) as running:
        classifier = Classifier(meanings.card_of(changes), meanings.MeansNetwork())
        for name in ("card", "probabilities", "outputs", "prediction", "distances", "parts"):
            setattr(loader.classifiers["colours"], name, getattr(classifier, name))
        browser.open(f"{running.address}/")
        browser.run(hand_over("drop", picture((255, 0, 0))))
        browser.wait_for(f"{MESSAGE} === '{message}'")
        words = "['label', 'share'].map(part => one.querySelector('.' + part).textContent).join(' ')"
        rows = f"[...document.querySelectorAll('#bars li')].map(one => {words} + ' ' + one.className)"
        assert browser.run(rows) == shown


def test_labels_are_text_and_never_markup(browser, loader):
    with service(loader) as running:
        prediction = loader.classifiers["colours"].prediction

        def with_markup(*arguments):
            found = prediction(*arguments)
            object.__setattr__(found.labels[0], "label", "<img alt=x>_b")
            return found

        loader.classifiers["colours"].prediction = with_markup
        browser.open(f"{running.address}/")
        browser.run(hand_over("drop", picture()))
        browser.wait_for(f"{MESSAGE} === '<img alt=x> b'")
        assert browser.run("document.querySelectorAll('#bars img').length") == 0


@pytest.mark.parametrize(("page", "asks"), [("/", hand_over("drop", picture())), ("/docs", "0")])
def test_a_page_asks_for_the_token(browser, loader, page, asks):
    with service(loader, token=TOKEN) as running:
        browser.open(running.address + page)
        browser.run(asks)
        browser.wait_for("!document.getElementById('token-form').hidden")
        browser.run(f"document.getElementById('token').value = '{TOKEN}'")
        browser.run("document.querySelector('#token-form button').click()")
        browser.wait_for(ANSWERED if page == "/" else "document.querySelectorAll('.method').length > 3")
        assert browser.run("document.getElementById('token-form').hidden")


def test_the_docs_page_draws_every_address(browser, running, session):
    browser.open(f"{running.address}/docs")
    browser.wait_for("document.querySelectorAll('.method').length > 0")
    text = browser.run("document.body.innerText")
    described = session.get(f"{running.address}/openapi.json", timeout=60).json()
    for path, operations in described["paths"].items():
        assert path in text
        for operation in operations.values():
            assert operation["summary"] in text
    assert f"curl -F image=@picture.jpg {running.address}" in text
    assert browser.complaints == []


def test_every_control_has_a_name(browser, running):
    for page in ("/", "/docs"):
        browser.open(running.address + page)
        tree = browser.call("Accessibility.getFullAXTree")["nodes"]
        controls = [node for node in tree if node["role"]["value"] in {"button", "textbox", "link"}]
        assert controls
        assert all(node["name"]["value"] for node in controls)
