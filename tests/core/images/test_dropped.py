import base64
import os
from pathlib import Path

import pytest

from desktop_app.core.images import dropped
from desktop_app.core.images.dropped import (
    name_in_html,
    source_from_argument,
    sources_from_html,
    sources_from_text,
)
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource
from tests.core.images.samples import valid_files

posix = pytest.mark.skipif(os.name == "nt", reason="paths of POSIX")
PNG = valid_files()["PNG"]
DATA_URI = "data:image/png;base64," + base64.b64encode(PNG).decode()


@posix
def test_a_list_of_uris_as_a_file_manager_gives_it():
    text = "# dragged\r\nfile:///tmp/a%20b.png\r\nfile:///tmp/caf%E9.jpg\r\nhttps://example.org/c.jpg\r\n"

    assert sources_from_text(text) == [
        FileSource(Path("/tmp/a b.png")),
        FileSource(Path(os.fsdecode(b"/tmp/caf\xe9.jpg"))),
        LinkSource("https://example.org/c.jpg"),
    ]


@posix
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/tmp/a.png", "/tmp/a.png"),
        ("  /tmp/a b.png  ", "/tmp/a b.png"),
        ('"/tmp/a b.png"', "/tmp/a b.png"),
        ("'/tmp/a.png'", "/tmp/a.png"),
        ("file://localhost/tmp/a.png", "/tmp/a.png"),
        ("FILE:///tmp/a.png", "/tmp/a.png"),
        ("file:///tmp/new%0Aline.png", "/tmp/new\nline.png"),
        ("file:///tmp/%F0%9F%90%B1.png", "/tmp/\N{CAT FACE}.png"),
        ("/tmp/50%20.png", "/tmp/50%20.png"),
    ],
)
def test_one_path(text, path):
    assert sources_from_text(text) == [FileSource(Path(path))]


def test_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert sources_from_text("~/a.png") == [FileSource(tmp_path / "a.png")]
    assert sources_from_text("~nobody-at-all/a.png") == []


NO_PICTURES = ["", "\n\n", "hello", "relative/a.png", "http", "file", "data:", "ftp://a.org/b.png", "#/tmp/a"]


@pytest.mark.parametrize("text", NO_PICTURES)
def test_what_is_no_picture(text):
    assert sources_from_text(text) == []


@posix
@pytest.mark.parametrize("text", ["file://server/share/a.png", "file:a.png", "file://[::1/a.png"])
def test_file_uris_that_lead_elsewhere(text):
    assert sources_from_text(text) == []


def test_each_source_once():
    assert len(sources_from_text("http://a.org/1\nhttp://a.org/1\nhttp://a.org/2")) == 2


@pytest.mark.parametrize(
    "text", [DATA_URI, DATA_URI.upper()[:22] + DATA_URI[22:], DATA_URI.replace("=", "%3D")]
)
def test_a_data_uri(text):
    (source,) = sources_from_text(text)

    assert source == DataSource("picture from a web page", PNG)
    assert load_source(source).shape == (48, 64, 3)


def test_a_data_uri_without_base64():
    (source,) = sources_from_text("data:image/svg+xml;charset=utf-8,%3Csvg/%3E")

    assert source.data == b"<svg/>"


@pytest.mark.parametrize("text", ["data:text/html,hello", "data:image/png;base64,A", "data:image/png"])
def test_useless_data_uris(text):
    assert sources_from_text(text) == []


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<meta charset="utf-8"><img src="https://example.org/a.png">', "https://example.org/a.png"),
        ("<IMG SRC='http://example.org/a.png'>", "http://example.org/a.png"),
        ("<img alt=x src=https://example.org/a.png>", "https://example.org/a.png"),
        ("<img\nsrc = 'https://example.org/a.png'\n/>", "https://example.org/a.png"),
        ('<img src="//example.org/a.png">', "https://example.org/a.png"),
        ('<img src="https://example.org/a?b=1&amp;c=2">', "https://example.org/a?b=1&c=2"),
        ('<img alt="a > b" src="https://example.org/a.png">', "https://example.org/a.png"),
        ('<img data-src="http://wrong.org/" src="https://example.org/a.png">', "https://example.org/a.png"),
        ('<img src="relative.png"><img src="https://example.org/a.png">', "https://example.org/a.png"),
        (
            '<img alt="no source"><img src="https://example.org/a.png"><img src="b">',
            "https://example.org/a.png",
        ),
        (
            '<a href="http://wrong.org/"><img src="https://example.org/a.png"></a>',
            "https://example.org/a.png",
        ),
    ],
)
def test_the_picture_in_html(html, url):
    assert sources_from_html(html) == [LinkSource(url)]


def test_a_data_uri_in_html():
    assert sources_from_html(f'<img src="{DATA_URI}">') == [DataSource("picture from a web page", PNG)]


@posix
def test_a_file_in_html():
    assert sources_from_html('<img src="file:///tmp/a.png">') == [FileSource(Path("/tmp/a.png"))]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "text",
        "<img>",
        "<img src>",
        '<img src="">',
        "<imgsrc='http://a.org/'>",
        "<a href='http://a.org/'>",
    ],
)
def test_html_without_a_picture(html):
    assert sources_from_html(html) == []


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<img src="https://example.org/a/My%20cat.jpg?w=300" alt="A cat">', "My cat.jpg"),
        ('<img src="//example.org/cat.png">', "cat.png"),
        ('<img src="blob:https://example.org/0b1c-77" alt="A cat\n on a  mat">', "A cat on a mat"),
        ('<img src="https://example.org/image?id=7" alt="Cat &amp; dog">', "Cat & dog"),
        ('<img src="https://example.org/image?id=7">', "image"),
        ('<img src="blob:https://example.org/0b1c-77">', ""),
        (f'<img src="{DATA_URI}" alt="Drawn">', "Drawn"),
        ('<img alt="' + 500 * "x" + '">', 80 * "x"),
        ('<a href="https://example.org/cat.jpg">no picture</a>', ""),
    ],
)
def test_the_name_of_a_picture_in_html(html, name):
    assert name_in_html(html) == name


@pytest.mark.parametrize("piece", ["<img ", "<img '", '<img src="', "<img src='a", "<![", "<!--", "&amp"])
def test_malformed_html_takes_no_time(piece):
    assert sources_from_html(piece * 200_000) == []


def test_too_much_text(monkeypatch):
    assert dropped.MAX_TEXT == 64_000_000
    monkeypatch.setattr(dropped, "MAX_TEXT", 100)
    link, element = "http://a.org/", "<img src='http://a.org/'>"

    assert sources_from_text(link.ljust(100, "x")) == [LinkSource(link.ljust(100, "x"))]
    assert sources_from_text(link.ljust(101, "x")) == []
    assert sources_from_html(element.ljust(100, "x")) == [LinkSource(link)]
    assert sources_from_html(element.ljust(101, "x")) == []


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("http://example.org/a.png", LinkSource("http://example.org/a.png")),
        ("a.png", FileSource(Path("a.png"))),
        ("folder/a b.png", FileSource(Path("folder/a b.png"))),
        ("http.png", FileSource(Path("http.png"))),
        ("new\nline.png", FileSource(Path("new\nline.png"))),
    ],
)
def test_a_word_of_the_command_line(word, source):
    assert source_from_argument(word) == source
