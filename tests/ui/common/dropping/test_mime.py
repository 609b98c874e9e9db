import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, PixelSource
from desktop_app.ui.common.dropping.mime import (
    describe_unusable,
    image_of,
    is_usable,
    pixels_of,
    read_sources,
)
from tests.core.images.samples import valid_files

LINK = "https://example.org/cat.jpg"


def mime(*, urls=(), html="", text="", image=None, data=None):
    result = QMimeData()
    if urls:
        result.setUrls([QUrl(url) if isinstance(url, str) else url for url in urls])
    if html:
        result.setHtml(html)
    if text:
        result.setText(text)
    if image is not None:
        result.setImageData(image)
    for kind, content in (data or {}).items():
        result.setData(kind, content)
    return result


def picture(width=3, height=2, colour="#102030"):
    result = QImage(width, height, QImage.Format.Format_RGB32)
    result.fill(QColor(colour))
    return result


def read(mime_data):
    return read_sources(mime_data, "Dropped picture")


def test_files_win_over_everything_else():
    dropped = mime(urls=[QUrl.fromLocalFile("/a b/c.jpg"), LINK], text="/a b/c.jpg", image=picture())
    assert read(dropped) == [FileSource(Path("/a b/c.jpg"))]


def test_a_folder_is_a_file_source_too():
    assert read(mime(urls=[QUrl.fromLocalFile("/pictures")])) == [FileSource(Path("/pictures"))]


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_a_name_that_is_not_valid_utf8_keeps_its_bytes():
    dropped = mime(data={"text/uri-list": b"file:///pictures/caf%E9%20%23%25.jpg\r\n"})
    (source,) = read(dropped)
    assert os.fsencode(source.path) == b"/pictures/caf\xe9 #%.jpg"


def test_an_encoded_picture_wins_over_its_link_and_is_not_decoded_here():
    dropped = mime(urls=[LINK], html=f'<img src="{LINK}">', data={"image/png": b"not really a PNG"})
    assert read(dropped) == [DataSource("cat.jpg", b"not really a PNG")]


WEBP = valid_files()["WEBP lossless"]
PAGE = "https://example.org/page"


def dragged_from_chromium(*, data=WEBP, address=LINK, page=""):
    """What Chromium gives along: the address, the same as text, the file as stored, and a piece of HTML."""
    html = f'<img src="{address}" alt="A cat">'
    if page:
        html = f'<a href="{page}">{html}</a>'
    there = {"application/octet-stream": data} if data is not None else {}
    return mime(urls=[page or address], text=page or address, html=html, data=there)


@pytest.mark.parametrize("page", ["", PAGE])
@pytest.mark.parametrize(
    ("address", "name"),
    [(LINK, "cat.jpg"), ("blob:https://example.org/0b1c", "A cat"), ("https://example.org/i?id=7", "A cat")],
)
def test_the_file_that_comes_with_a_drag_is_taken_whatever_its_address(address, name, page):
    dropped = dragged_from_chromium(address=address, page=page)

    assert is_usable(dropped)
    assert read(dropped) == [DataSource(name, WEBP)]
    assert load_source(read(dropped)[0]).shape == (48, 64, 3)


def test_the_file_as_stored_wins_over_the_same_picture_encoded_again():
    dropped = mime(html=f'<img src="{LINK}">', data={"image/png": b"1", "application/octet-stream": WEBP})

    assert read(dropped) == [DataSource("cat.jpg", WEBP)]


@pytest.mark.parametrize("data", [None, b"", b"<!doctype html><p>Log in first"])
@pytest.mark.parametrize("page", ["", PAGE])
def test_bytes_that_are_no_picture_give_way_to_the_address(data, page):
    assert read(dragged_from_chromium(data=data, page=page)) == [LinkSource(LINK)]


def test_bytes_that_are_no_picture_are_read_where_nothing_else_came():
    dropped = dragged_from_chromium(data=b"<svg/>", address="blob:https://example.org/0b1c")

    (source,) = read(dropped)
    with pytest.raises(UnreadableImage, match="SVG drawing"):
        load_source(source)


def test_a_file_of_this_computer_wins_over_its_bytes():
    dropped = mime(urls=[QUrl.fromLocalFile("/a.webp")], data={"application/octet-stream": WEBP})

    assert read(dropped) == [FileSource(Path("/a.webp"))]


def test_pixels_of_the_clipboard_are_copied():
    (source,) = read(mime(image=picture(), html=f'<img src="{LINK}">'))
    assert isinstance(source, PixelSource)
    assert source.pixels.shape == (2, 3, 3)
    assert source.pixels[0, 0].tolist() == [0x10, 0x20, 0x30]


def test_the_picture_in_html_wins_over_the_page_that_it_links_to():
    dropped = mime(urls=["https://example.org/page"], html=f'<a href="/page"><img src="{LINK}"></a>')
    assert read(dropped) == [LinkSource(LINK)]


def test_a_link_without_html():
    assert read(mime(urls=[LINK])) == [LinkSource(LINK)]


@pytest.mark.parametrize("text", [LINK, f"  {LINK}\n"])
def test_text_that_is_a_link(text):
    assert read(mime(text=text)) == [LinkSource(LINK)]


def test_text_that_is_a_path():
    assert read(mime(text="/pictures/cat.jpg")) == [FileSource(Path("/pictures/cat.jpg"))]


@pytest.mark.parametrize(
    ("unusable", "word"),
    [
        (mime(text="a poem"), "text"),
        (mime(html="<b>a poem</b>"), "text"),
        (mime(urls=["ftp://example.org/cat.jpg"]), "ftp:"),
        (mime(urls=["blob:https://example.org/0b1c"]), "Copy Image"),
        (mime(data={"application/x-thing": b"1"}), "no picture"),
        (mime(data={"text/uri-list": b""}), "did not hand over"),
        (mime(), "empty"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(unusable, word):
    assert read(unusable) == []
    assert not is_usable(unusable)
    assert word in describe_unusable(unusable)


@pytest.mark.parametrize(
    "usable",
    [
        mime(urls=[LINK]),
        mime(urls=[QUrl.fromLocalFile("/a.jpg")]),
        mime(html=f'<img src="{LINK}">'),
        mime(text=LINK),
        mime(image=picture()),
        mime(data={"image/jpeg": b"1"}),
        mime(data={"application/octet-stream": b"1"}),
    ],
)
def test_what_can_be_used_is_known_before_the_drop(usable):
    assert is_usable(usable)
    assert read(usable)


def test_transparent_parts_are_white():
    image = QImage(2, 1, QImage.Format.Format_ARGB32)
    image.setPixelColor(0, 0, QColor(0, 0, 0, 0))
    image.setPixelColor(1, 0, QColor(255, 0, 0, 255))
    assert pixels_of(image).tolist() == [[[255, 255, 255], [255, 0, 0]]]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
def test_pixels_survive_the_way_into_an_image_and_back(width):
    pixels = np.random.default_rng(width).integers(0, 256, (4, width, 3), np.uint8)
    assert np.array_equal(pixels_of(image_of(pixels)), pixels)


def test_a_null_image_is_no_picture():
    assert read(mime(image=QImage())) == []
