"""Every way in which a download can be interrupted, and what is on the disk afterwards."""

from __future__ import annotations

import hashlib
import io

import pytest

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, DownloadError, StorageError
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.library.download.download import download
from desktop_app.core.library.download.partial_file import PartialFile
from desktop_app.core.library.download.published_file import PublishedFile
from tests.file_server import NAME, FileServer
from tests.torture import downloads as torture

CONTENT = bytes(range(256)) * 4096  # its half and quarter end where a read ends


@pytest.fixture
def fetch(serve, tmp_path):
    """Serve CONTENT with a plan of misdeeds and download it; returns a function."""

    def run(*plan, content=CONTENT, size_known=True, cancel=NEVER, on_progress=lambda transfer: None):
        handler = FileServer(content, *plan)
        run.server = serve(handler)
        run.handler = handler
        file = handler.published(run.server.url, size_known=size_known)
        run.file = file
        return download(file, tmp_path, on_progress=on_progress, cancel=cancel, retry_seconds=0)

    return run


def test_the_promise_at_a_small_size():
    assert "0 partial" in torture.run(len(torture.WAYS))


def test_an_honest_server(fetch, tmp_path):
    reports = []
    path = fetch(on_progress=reports.append)
    assert path == tmp_path / NAME
    assert path.read_bytes() == CONTENT
    assert [report.done for report in reports] == sorted(report.done for report in reports)
    assert (reports[-1].done, reports[-1].total) == (len(CONTENT), len(CONTENT))
    assert [entry.name for entry in tmp_path.iterdir()] == [NAME]


def test_a_cut_is_continued_with_the_same_version(fetch):
    assert fetch("cut", "cut").read_bytes() == CONTENT
    headers = [request[2] for request in fetch.server.requests]
    assert "range" not in headers[0]
    half = len(CONTENT) // 2
    assert [header.get("range") for header in headers[1:]] == [
        f"bytes={half}-",
        f"bytes={half + half // 2}-",
    ]
    assert headers[1]["if-range"] == '"one"'


def test_a_changed_file_is_started_anew(fetch, tmp_path):
    with pytest.raises(DownloadError):
        fetch("cut", "missing")
    assert (tmp_path / f"{NAME}.part").stat().st_size == len(CONTENT) // 2
    fetch.handler.etag = '"two"'
    fetch.handler.content = CONTENT[::-1]
    file = fetch.handler.published(fetch.server.url)
    path = download(file, tmp_path, on_progress=lambda transfer: None, cancel=NEVER, retry_seconds=0)
    assert path.read_bytes() == CONTENT[::-1]


def test_a_part_from_another_address_is_not_continued(fetch, tmp_path):
    with pytest.raises(DownloadError):
        fetch("cut", "missing")
    assert fetch().read_bytes() == CONTENT  # a second server, at another port
    assert all("range" not in headers for _, _, headers in fetch.server.requests)


def test_wrong_content_is_refused_with_both_sums(fetch, tmp_path):
    with pytest.raises(DownloadError) as refusal:
        fetch("other_content")
    assert hashlib.md5(CONTENT).hexdigest() in str(refusal.value)
    assert hashlib.md5(bytes(len(CONTENT))).hexdigest() in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("misdeed", "words"),
    [
        ("missing", "404"),
        ("web_page", "web page"),
        ("too_long", "1,048,580 bytes instead of 1,048,576"),
        ("too_short", "1,048,566 bytes instead of 1,048,576"),
        ("compressed", "encoding"),
        ("redirect_loop", "redirects"),
    ],
)
def test_what_is_not_the_file_is_named(fetch, tmp_path, misdeed, words):
    with pytest.raises(DownloadError, match=words):
        fetch(misdeed)
    assert not (tmp_path / NAME).exists()


def test_an_unreachable_server_is_given_up_and_the_part_kept(fetch, tmp_path):
    with pytest.raises(DownloadError, match="Couldn't download") as failure:
        fetch("cut", *["busy"] * 9)
    assert "503" in str(failure.value)
    assert "What has arrived is kept" in failure.value.advice
    assert (tmp_path / f"{NAME}.part").stat().st_size == len(CONTENT) // 2


def test_the_size_may_be_unknown(fetch):
    assert fetch("cut", size_known=False).read_bytes() == CONTENT


@pytest.mark.parametrize(("length", "requests"), [(len(CONTENT), 0), (None, 1)])
def test_a_part_that_was_complete_before_a_kill_is_verified_and_kept(serve, tmp_path, length, requests):
    handler = FileServer(CONTENT)
    server = serve(handler)
    file = handler.published(server.url, size_known=False)
    PartialFile(tmp_path, file).begin('"one"', length)
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT)
    path = download(file, tmp_path, on_progress=lambda transfer: None, cancel=NEVER)
    assert path.read_bytes() == CONTENT
    assert len(server.requests) == requests  # without a length only the server can say that it is all
    assert [entry.name for entry in tmp_path.iterdir()] == [NAME]


def test_cancelling_keeps_what_arrived(fetch, tmp_path):
    source = CancelSource()
    with pytest.raises(Cancelled):
        fetch("cut", cancel=source.token, on_progress=lambda transfer: transfer.done and source.cancel())
    assert (tmp_path / f"{NAME}.part").exists()
    assert not (tmp_path / NAME).exists()


def test_a_cancelled_token_asks_for_nothing(fetch):
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        fetch(cancel=source.token)
    assert fetch.server.requests == []


def test_a_full_disk_is_said_before_anything_is_fetched(serve, tmp_path):
    server = serve(FileServer(CONTENT))
    file = PublishedFile(NAME, f"{server.url}/{NAME}", 10**18, "0" * 32)
    with pytest.raises(StorageError, match=r"1,000,000,000 GB needed, .* free"):
        download(file, tmp_path, on_progress=lambda transfer: None, cancel=NEVER)
    assert server.requests == []


def test_a_finished_download_is_used_only_if_it_is_right(fetch, tmp_path):
    path = fetch()
    requests = len(fetch.server.requests)
    arguments = {"on_progress": lambda transfer: None, "cancel": NEVER}
    download(fetch.file, tmp_path, **arguments)
    assert len(fetch.server.requests) == requests
    path.write_bytes(CONTENT[:-1] + b"x")
    assert download(fetch.file, tmp_path, **arguments).read_bytes() == CONTENT


def test_two_downloads_of_one_file_do_not_mix(fetch, tmp_path):
    with exclusive(tmp_path / f"{NAME}.lock") as mine:
        assert mine
        with pytest.raises(DownloadError, match="another Sightline"):
            fetch()
    assert fetch.server.requests == []


def test_a_damaged_note_about_the_part_starts_anew(fetch, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(b"x" * 100)
    (tmp_path / f"{NAME}.part.json").write_text("{")
    assert fetch().read_bytes() == CONTENT


def test_an_encrypted_address_must_not_lead_to_a_plain_one(tmp_path, monkeypatch):
    import requests

    def get(session, url, **_):
        response = requests.Response()
        response.status_code, response.url, response.raw = 200, "http://example.org/x", io.BytesIO()
        return response

    monkeypatch.setattr(requests.Session, "get", get)
    file = PublishedFile(NAME, "https://example.org/x", 10, "0" * 32)
    with pytest.raises(DownloadError, match="without encryption"):
        download(file, tmp_path, on_progress=lambda transfer: None, cancel=NEVER)
