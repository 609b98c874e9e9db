"""Where the runtime of a page comes from."""

from __future__ import annotations

import base64
import re

import pytest

from desktop_app.core.export.web import runtime
from desktop_app.core.export.web.runtime import RUNTIME, RUNTIME_NAME, download_size, web_runtime
from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, DownloadError, UsageError
from desktop_app.core.library.download.published_file import PublishedFile
from tests.core.export.web.packages import CODE, WASM, package, publish
from tests.servers import respond


def found(folder, given=None, cancel=NEVER, on_progress=lambda _transfer: None):
    return web_runtime(folder, given, cancel=cancel, on_progress=on_progress)


def test_the_checksum_is_the_one_that_npm_publishes():
    (integrity,) = re.findall(r"sha512-([A-Za-z0-9+/=]+)", runtime.__loader__.get_source(runtime.__name__))
    assert base64.b64decode(integrity).hex() == RUNTIME.sha512
    assert RUNTIME_NAME.rpartition(" ")[2] in RUNTIME.name
    assert RUNTIME.url.startswith("https://registry.npmjs.org/")


def test_it_is_downloaded_once_when_it_is_wanted(monkeypatch, tmp_path, serve):
    data = package()
    server = serve(lambda request: respond(request, data))
    publish(monkeypatch, data, f"{server.url}/one.tgz")
    assert download_size(tmp_path) == len(data)
    told = []
    for _ in range(2):
        read = found(tmp_path, on_progress=told.append)
        assert (read.code, read.wasm) == (CODE, WASM)
    assert len(server.requests) == 1
    assert told[-1].done == len(data)
    assert download_size(tmp_path) == 0


def test_a_damaged_copy_is_fetched_again(monkeypatch, tmp_path, serve):
    data = package()
    server = serve(lambda request: respond(request, data))
    publish(monkeypatch, data, f"{server.url}/one.tgz")
    found(tmp_path)
    (kept,) = tmp_path.glob("*.tgz")
    kept.write_bytes(data[:-1] + b"x")
    assert found(tmp_path).wasm == WASM
    assert kept.read_bytes() == data


def test_another_package_than_the_published_one_is_refused(monkeypatch, tmp_path, serve):
    data = package()
    server = serve(lambda request: respond(request, data[:-1] + b"x"))
    publish(monkeypatch, data, f"{server.url}/one.tgz")
    with pytest.raises(DownloadError, match="its SHA-512 is"):
        found(tmp_path)
    assert not list(tmp_path.glob("*.tgz*"))


def test_a_download_can_be_cancelled(monkeypatch, tmp_path, serve):
    data = package()
    server = serve(lambda request: respond(request, data))
    publish(monkeypatch, data, f"{server.url}/one.tgz")
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        found(tmp_path, cancel=source.token)
    assert server.requests == []


@pytest.mark.parametrize("way", ["file", "folder", "variable"])
def test_without_a_network_it_is_taken_from_a_file(monkeypatch, tmp_path, way):
    data = package()
    publish(monkeypatch, data)
    path = tmp_path / RUNTIME.name
    path.write_bytes(data)
    given = {"file": path, "folder": tmp_path, "variable": None}[way]
    if way == "variable":
        monkeypatch.setenv(runtime.VARIABLE, str(tmp_path))
    assert download_size(tmp_path / "downloads", given) == 0
    assert found(tmp_path / "downloads", given).code == CODE


def test_a_file_that_is_not_there_or_another_one_is_refused_by_name(monkeypatch, tmp_path):
    publish(monkeypatch, package())
    with pytest.raises(UsageError, match=rf"There is no .*{RUNTIME.name}") as raised:
        found(tmp_path, tmp_path)
    assert "npm pack onnxruntime-web@1.14.0" in raised.value.advice
    (tmp_path / "other.tgz").write_bytes(b"something else")
    with pytest.raises(UsageError, match=r"other\.tgz is not onnxruntime-web-1\.14\.0\.tgz"):
        found(tmp_path, tmp_path / "other.tgz")


def test_a_published_file_has_a_checksum():
    with pytest.raises(ValueError, match="has no checksum"):
        PublishedFile("name", "https://example.org/name", None)
