"""Pages with a runtime of a few lines in place of the real one, and hands that drop files on them."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from desktop_app.core.export.web.page import PAGE, write_page
from desktop_app.core.export.web.runtime import WebRuntime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

    from desktop_app.core.library.card import ModelCard

ORT = """
"use strict";
var ort = {
  env: { wasm: {} },
  Tensor: class { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } },
  InferenceSession: {
    create: async () => ({ run: async ({ picture }) => ({ probabilities: { data: answer(picture) } }) }),
  },
};
"""

ALL_PIXELS = "const answer = (picture) => Float32Array.from(picture.data);"
"""What the runtime answers with: the picture as it came."""

SHARES = """
const answer = ({ data }) => {
  const sums = [0, 0, 0];
  data.forEach((value, index) => { sums[index % 3] += value; });
  return Float32Array.from(sums, (sum) => sum / sums.reduce((all, each) => all + each, 1e-9));
};
"""
"""The shares of red, green and blue."""

MEANS = """
const answer = ({ data }) => {
  const sums = [0, 0, 0];
  data.forEach((value, index) => { sums[index % 3] += value; });
  return Float32Array.from(sums, (sum) => sum / (data.length / 3) / 255);
};
"""
"""The mean of each colour, 0..1."""

FAILS = 'const answer = () => { throw new Error("no memory"); };'

ANSWERED = "!document.getElementById('answer').hidden"
REFUSED = "!document.getElementById('problem').hidden"
MESSAGE = "document.getElementById('message').textContent"
SENTENCE = "document.getElementById('problem-sentence').textContent"
LABELS = "[...document.querySelectorAll('#bars .label')].map(one => one.textContent)"
NUMBERS = "[...document.querySelectorAll('#bars .share')].map(one => one.textContent)"


def page(folder: Path, card: ModelCard, labels: Sequence[str], answer: str = SHARES, kind="softmax") -> str:
    """Write a page, and return its address as a file."""
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(b"a model")
    write_page(folder, card, kind, labels, WebRuntime(ORT + answer, b"\0asm"))
    return page_address(folder)


def page_address(folder: Path) -> str:
    """The address of a page in a folder."""
    return (folder / PAGE).absolute().as_uri()


def png(image: Image.Image, **options) -> bytes:
    """Encode a picture of Pillow's."""
    return encoded(image, "PNG", **options)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    """Encode a picture of Pillow's in a format."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def hand_over(data: bytes, kind: str = "drop", name: str = "a.png") -> str:
    """JavaScript that drops or pastes a file."""
    target = {"drop": "dataTransfer", "paste": "clipboardData"}[kind]
    event = {"drop": "DragEvent", "paste": "ClipboardEvent"}[kind]
    text = base64.b64encode(data).decode()
    return (
        "{ const carried = new DataTransfer();"
        f"const bytes = Uint8Array.from(atob('{text}'), (letter) => letter.charCodeAt(0));"
        f"carried.items.add(new File([bytes], '{name}', {{type: 'image/png'}}));"
        f"document.body.dispatchEvent("
        f"new {event}('{kind}', {{{target}: carried, bubbles: true, cancelable: true}})) }}"
    )


def answer_for(browser, data: bytes) -> list[float]:
    """Drop a picture on the page that is open, and return the row of numbers behind the answer."""
    browser.run("globalThis.sightlineAnswer = undefined")
    browser.run(hand_over(data))
    browser.wait_for(f"globalThis.sightlineAnswer || {REFUSED}")
    assert not browser.run(REFUSED), browser.run(SENTENCE)
    return browser.run("globalThis.sightlineAnswer")
