"""VGG19 is installed from a download or from a file, and only if it is right."""

from __future__ import annotations

import hashlib
import os

import pytest

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, DownloadError, ModelError, StorageError
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.download.published_file import PublishedFile
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19 import install
from desktop_app.core.library.vgg19.install import WrongChecksum, import_vgg19, install_vgg19
from tests.core.library.small_vgg19 import small_layout, write_small
from tests.servers import respond

__all__ = ["small_layout"]

pytestmark = pytest.mark.usefixtures("small_layout")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash", tmp_path / "downloads")


@pytest.fixture
def weights(tmp_path):
    return write_small(tmp_path / "user.h5")


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


@pytest.fixture
def published(weights, serve, monkeypatch):
    """Publish the small file as if it were the official one."""
    content = weights.read_bytes()
    server = serve(lambda request: respond(request, content))
    file = PublishedFile(OFFICIAL.name, f"{server.url}/{OFFICIAL.name}", len(content), md5(weights))
    monkeypatch.setattr(install, "OFFICIAL", file)
    return file


def download_it(library, file, **arguments):
    return install_vgg19(library, file=file, **({"on_progress": str, "cancel": NEVER} | arguments))


def import_it(library, path, **arguments):
    return import_vgg19(library, path, **({"on_progress": str, "cancel": NEVER} | arguments))


def test_a_download_is_installed(library, published, weights):
    card = download_it(library, published)
    entry = library.get("vgg19")
    assert entry.card == card
    assert (card.verified, card.origin) == (True, "downloaded")
    assert entry.weights.read_bytes() == weights.read_bytes()
    assert list(library.downloads.iterdir()) == []


def test_without_hard_links_it_is_copied(library, published, monkeypatch):
    def refuse(*_):
        raise OSError

    monkeypatch.setattr(os, "link", refuse)
    download_it(library, published)
    assert library.get("vgg19").problem == ""
    assert list(library.downloads.iterdir()) == []


def test_the_environment_chooses_the_server(library, published, monkeypatch):
    monkeypatch.setenv("SIGHTLINE_WEIGHTS_URL", published.url.rsplit("/", 1)[0])
    monkeypatch.setenv("SIGHTLINE_WEIGHTS_MD5", published.md5)
    assert install_vgg19(library, on_progress=str, cancel=NEVER).id == "vgg19"


def test_weights_with_another_checksum_are_unverified(library, published, monkeypatch):
    monkeypatch.setattr(install, "OFFICIAL", OFFICIAL)
    assert not download_it(library, published).verified


def test_a_download_of_another_layout_is_not_installed(library, tmp_path, serve):
    other = write_small(tmp_path / "other.h5", {"fc1": (1, 2)})
    server = serve(lambda request: respond(request, other.read_bytes()))
    file = PublishedFile(OFFICIAL.name, f"{server.url}/x", None, md5(other))
    with pytest.raises(ModelError, match="block1_conv1"):
        download_it(library, file)
    assert library.get("vgg19").card is None


def test_a_wrong_download_leaves_nothing(library, published):
    wrong = PublishedFile(published.name, published.url, published.bytes, "0" * 32)
    with pytest.raises(DownloadError):
        download_it(library, wrong)
    assert library.get("vgg19").card is None


def test_the_users_file_is_copied(library, published, weights):
    reports = []
    card = import_it(library, weights, file=published, on_progress=reports.append)
    entry = library.get("vgg19")
    assert (card.verified, card.origin) == (True, "imported")
    assert card.weights_sha256 == sha256_of(weights) == sha256_of(entry.weights)
    assert not entry.weights.samefile(weights)
    assert reports[-1].done == reports[-1].total == weights.stat().st_size


def test_a_wrong_file_is_refused_with_both_sums(library, weights):
    with pytest.raises(WrongChecksum) as refusal:
        import_it(library, weights)
    assert md5(weights) in str(refusal.value)
    assert OFFICIAL.md5 in str(refusal.value)
    assert (refusal.value.path, refusal.value.actual) == (weights, md5(weights))
    assert not library.installed.exists()


def test_own_weights_are_taken_as_unverified(library, weights):
    card = import_it(library, weights, unverified=True)
    assert not card.verified
    assert card.metrics == {}
    assert library.get("vgg19").problem == ""


def test_own_weights_need_the_layout(library, tmp_path):
    other = write_small(tmp_path / "other.h5", {"fc1": (1, 2)})
    with pytest.raises(ModelError, match="block1_conv1"):
        import_it(library, other, unverified=True)
    assert library.get("vgg19").card is None
    assert list(library.installed.iterdir()) == []


def test_a_file_that_changes_meanwhile_is_refused(library, published, weights, monkeypatch):
    monkeypatch.setattr(install, "md5_of_pieces", lambda pieces: published.md5)
    weights.write_bytes(weights.read_bytes() + b"x")
    with pytest.raises(ModelError, match="changed while"):
        import_it(library, weights, file=published)
    assert library.get("vgg19").card is None


def test_a_full_disk_is_said_before_the_copy(library, weights, monkeypatch):
    monkeypatch.setattr("desktop_app.core.foundation.storage.free_space", lambda folder: 10)
    with pytest.raises(StorageError, match="10 bytes free"):
        import_it(library, weights, unverified=True)
    assert not library.installed.exists()


def test_cancelling_leaves_nothing(library, weights):
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        import_it(library, weights, unverified=True, cancel=source.token)
    assert not library.installed.exists()


def test_a_folder_is_no_weights_file(library, tmp_path):
    with pytest.raises(StorageError, match="is not a file"):
        import_it(library, tmp_path)
