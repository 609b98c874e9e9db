"""Pictures as base64 in JSON, in the ways of other services, and what is no such thing."""

import base64
import json

import pytest

from desktop_app.core.service import json_picture, limits
from desktop_app.core.service.json_body import read_json
from desktop_app.core.service.refusals import Refusal
from tests.core.images.samples import valid_files
from tests.core.service.running import picture
from tests.core.service.test_app import CLASSIFY, as_json, refused

GREEN = picture()
SMALL = base64.b64encode(GREEN).decode()
LARGE = base64.b64encode(GREEN + bytes(40_000)).decode()
"""Longer than JSON may be around it; decoders pass over what follows a PNG."""

SHAPES = {
    "ours": lambda text: {"image": text},
    "a data address": lambda text: {"url": f"data:image/png;base64,{text}"},
    "a data address as image": lambda text: {"image": f"data:application/octet-stream;BASE64,{text}"},
    "Lobe": lambda text: {"inputs": {"Image": text}},
    "TF Serving, rows": lambda text: {"signature_name": "default", "instances": [{"b64": text}]},
    "TF Serving, named rows": lambda text: {"instances": [{"image_bytes": {"b64": text}}]},
    "TF Serving, any name": lambda text: {"instances": [{"input_1": {"b64": text}}]},
    "TF Serving, columns": lambda text: {"inputs": {"image_bytes": [{"b64": text}]}},
    "a list of one": lambda text: {"instances": [text]},
    "b64 in an object": lambda text: {"image_bytes": {"b64": text}},
    "Vertex AI": lambda text: {"instances": [{"content": text}], "parameters": {"maxPredictions": 5}},
    "AutoML": lambda text: {"payload": {"image": {"imageBytes": text}}},
    "Cloud Vision": lambda text: {"requests": [{"image": {"content": text}, "features": []}]},
    "a link that is empty": lambda text: {"url": None, "image": text},
}


@pytest.mark.parametrize("text", [SMALL, LARGE], ids=["short", "long"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_as_base64(client, shape, text):
    response = client.post(CLASSIFY, **as_json(**SHAPES[shape](text), top=2, model="colours-2"))

    assert response.status_code == 200, response.data
    answer = response.json
    assert (answer["message"], answer["model"], len(answer["predictions"])) == ("green", "colours-2", 2)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json; charset=utf-8"])
def test_the_content_type_that_curl_gives(client, kind):
    body = json.dumps({"image": LARGE}, indent=2)

    assert client.post(CLASSIFY, data=body, content_type=kind).json["message"] == "green"


@pytest.mark.parametrize(
    "spelled",
    [
        LARGE.rstrip("="),
        LARGE.replace("+", "-").replace("/", "_"),
        "\r\n".join(LARGE[start : start + 76] for start in range(0, len(LARGE), 76)),
        f" {LARGE}\n",
    ],
)
def test_the_spellings_of_base64(client, spelled):
    assert client.post(CLASSIFY, **as_json(image=spelled)).json["message"] == "green"


def test_escapes_that_other_programs_write(client):
    text = base64.b64encode(valid_files()["JPEG"] + bytes(range(256)) * 90).decode()
    body = '{"image": "' + text.replace("/", "\\/").replace("+", "\\u002B").replace("=", "\\u003d") + '"}'
    assert len(body) > limits.MAX_JSON_BYTES

    assert client.post(CLASSIFY, data=body, content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not base64!", "has '!' in it"),
        ("caf\xe9", "outside ASCII"),
        ("", "is empty"),
        ("A", "is incomplete"),
        (LARGE.rstrip("=") + "*", "has '*' in it"),
        (SMALL[:-1] + "==x", "has '=' in it"),
    ],
)
def test_base64_that_is_not_valid(client, text, words):
    response = client.post(CLASSIFY, **as_json(image=text))

    assert words in refused(response, 400)
    assert "Encode the bytes of the picture's file" in response.json["advice"]


def test_the_bytes_of_python_printed(client):
    response = client.post(CLASSIFY, **as_json(image=str(base64.b64encode(GREEN))))

    refused(response, 400)
    assert response.json["advice"].endswith("In Python, end it with .decode().")


def test_base64_of_something_else(client):
    text = base64.b64encode(b"<!doctype html><html></html>").decode()

    assert (
        refused(client.post(CLASSIFY, **as_json(image=text)), 400) == "This is not a picture but a web page."
    )


@pytest.mark.parametrize(
    ("members", "status", "words"),
    [
        ({"image": SMALL, "url": "http://a.test/"}, 422, "both 'image' and 'url'"),
        ({"instances": [{"b64": SMALL}, {"b64": SMALL}]}, 422, "holds 2 pictures"),
        ({"instances": []}, 422, "holds 0 pictures"),
        ({"instances": [[[0.1, 0.2], [0.3, 0.4]]]}, 422, "holds numbers"),
        ({"image": 5}, 422, "must be a string"),
        ({"image": None}, 422, "must be a string"),
        ({"image": {"text": "x"}}, 400, "neither 'image' nor 'url'"),
        ({"inputs": {"age": 5}}, 400, "neither 'image' nor 'url'"),
        ({"image": "https://example.org/a.png"}, 422, "is a link"),
        ({"image": SMALL, "top": 1000}, 422, "1 to 100"),
        ({"image": SMALL, "model": []}, 422, "'model' must be a string"),
        ({"url": "http://a.test/" + "x" * 20_000}, 413, "link has more than 16,384"),
        ({"image": [[[[[[[[SMALL]]]]]]]]}, 422, "must be a string"),
    ],
)
def test_what_is_not_one_picture(client, members, status, words):
    assert words in refused(client.post(CLASSIFY, **as_json(**members)), status)


def test_what_is_too_long_names_the_limit_that_it_breaks(client, monkeypatch):
    response = client.post(CLASSIFY, **as_json(instances=[[[0.25] * 100] * 100]))
    assert refused(response, 413) == "The JSON has more than 16,384 bytes beside the picture."
    assert "not its pixels as numbers" in response.json["advice"]

    monkeypatch.setattr(json_picture, "MAX_BODY_BYTES", len(GREEN) - 1)
    assert "The picture has more than" in refused(client.post(CLASSIFY, **as_json(image=SMALL)), 413)


def test_a_picture_of_the_largest_size_is_taken_in_json_too(client):
    data = base64.b64encode(GREEN.ljust(limits.MAX_BODY_BYTES, b"\0"))

    response = client.post(CLASSIFY, data=b'{"image": "' + data + b'"}', content_type="application/json")
    assert response.json["message"] == "green"

    response = client.post(CLASSIFY, data=b'{"image": "' + data * 2 + b'"}', content_type="application/json")
    assert "too large" in refused(response, 413)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"image": ' + b"[" * 1_000_000, 413),
        (b'{"image": ' + b"[" * 10_000, 400),
        (b"[" + b"[]," * 1_000_000 + b"0]", 413),
        (b'{"a": [' + b'"",' * 1_000_000 + b'""]}', 413),
        (b'{"image": "' + b'\\"' * 1_000_000 + b'"}', 400),
        (b'{"image": "' + b"\\\\" * 1_000_000 + b'"}', 400),
        (b'{"image": "' + b"A" * 1_000_000, 400),
        (b'"' * 1_000_001, 413),
        (b"9" * 1_000_000, 413),
        (b'{"top": ' + b"9" * 10_000 + b"}", 400),
        (b'{"image": "QUJD", "top": 1e999}', 422),
        (b'{"image": "\\u0000' + b"0" * 20_000 + b'"}', 400),
        (b'{"image": "\\u00000", "x": "' + b"A" * 20_000 + b'"}', 400),
        (b"\xff" * 20_000, 413),
        (b'{"image": "' + b"\xff" * 20_000 + b'"}', 400),
        (b"{" + b" " * 1_000_000 + b"}", 413),
    ],
)
def test_hostile_bodies_are_refused(client, body, status):
    refused(client.post(CLASSIFY, data=body, content_type="application/json"), status)


@pytest.mark.parametrize("value", ["\x000", "\x00", "\x0099", "\x00\u0661"])
def test_a_string_that_looks_like_a_mark_stays_itself_or_becomes_the_senders_own(value):
    document = {"a": value, "b": "B" * 20_000}

    read = read_json(json.dumps(document).encode())
    assert read["b"] == document["b"]
    assert read["a"] in {value, document["b"]}


def test_text_around_a_long_picture_keeps_its_letters():
    document = {"model": "größe \U0001f408", "image": "A" * 20_000}

    assert read_json(json.dumps(document, ensure_ascii=False).encode()) == document


def test_the_limits_are_these():
    assert (limits.MAX_JSON_BYTES, limits.MAX_JSON_BODY_BYTES) == (16_384, 66_683_050)
    with pytest.raises(Refusal):
        read_json(b"[" + b" " * 16_383 + b"]")
