"""What is known about the published weights, and how the environment changes it."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import DownloadError
from desktop_app.core.library.download.vgg19_weights import OFFICIAL, vgg19_file
from desktop_app.core.library.vgg19.card import vgg19_card

URL, MD5 = "SIGHTLINE_WEIGHTS_URL", "SIGHTLINE_WEIGHTS_MD5"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    monkeypatch.delenv(URL, raising=False)
    monkeypatch.delenv(MD5, raising=False)


def test_the_published_file_is_the_default():
    assert vgg19_file() == OFFICIAL
    assert OFFICIAL.url.startswith("https://storage.googleapis.com/tensorflow/keras-applications/vgg19/")
    assert OFFICIAL.url.endswith(OFFICIAL.name)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000/mirror", "http://127.0.0.1:8000/mirror/"])
def test_a_mirror_must_have_the_same_file(monkeypatch, base):
    monkeypatch.setenv(URL, base)
    file = vgg19_file()
    assert file.url == f"http://127.0.0.1:8000/mirror/{OFFICIAL.name}"
    assert (file.bytes, file.md5) == (OFFICIAL.bytes, OFFICIAL.md5)


def test_another_checksum_is_another_file(monkeypatch):
    monkeypatch.setenv(MD5, "AB" * 16)
    assert (vgg19_file().md5, vgg19_file().bytes) == ("ab" * 16, None)
    monkeypatch.setenv(MD5, OFFICIAL.md5)
    assert vgg19_file() == OFFICIAL


@pytest.mark.parametrize(("name", "value"), [(URL, "file:///etc"), (URL, "mirror"), (MD5, "abc")])
def test_nonsense_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(DownloadError, match=name):
        vgg19_file()


def test_the_card():
    card = vgg19_card(verified=True, origin="downloaded")
    assert (card.id, card.architecture, card.parameters) == ("vgg19", "vgg19", 143_667_240)
    assert (card.input.height, card.input.width, card.input.preprocessing) == (224, 224, "vgg19")
    assert len(card.classes) == 1000
    assert card.metrics == {"top1": 0.713, "top5": 0.900}
    assert "CC BY 4.0" in card.licence


def test_other_weights_claim_nothing():
    card = vgg19_card(verified=False, origin="imported")
    assert not card.verified
    assert "unverified" in card.name
    assert (card.metrics, card.licence, card.source) == ({}, "", "")
