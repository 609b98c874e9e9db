import os
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from desktop_app.core.datasets.examine import scan_cache
from desktop_app.core.datasets.examine.picture_facts import PictureFacts
from desktop_app.core.datasets.examine.scan_cache import ScanCache
from desktop_app.core.foundation.errors import Reason

FACTS = PictureFacts(b"d" * 16, b"l" * 81, 640, 480, "JPEG RGB", grey=False)
DAY = 86_400


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "1.jpg"
    path.write_bytes(b"content")
    return path


@pytest.fixture
def file(tmp_path):
    return tmp_path / "made" / "scan.sqlite"


def keep(file, path, verdict=FACTS, **options):
    with ScanCache(file, **options) as cache:
        cache.put(path, path.stat(), verdict)


def look_up(file, path, **options):
    with ScanCache(file, **options) as cache:
        return cache.get(path, path.stat())


def rows(file):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM file").fetchone()[0]


@pytest.mark.parametrize(
    "verdict",
    [FACTS, replace(FACTS, grey=True), Reason("Broken.", "Mend it."), Reason("Broken."), None],
)
def test_a_verdict_comes_back(file, picture, verdict):
    assert look_up(file, picture) == (None, False)

    keep(file, picture, verdict)

    assert look_up(file, picture) == (verdict, True)


def test_another_size_or_time_or_path_is_another_file(file, picture):
    keep(file, picture)
    before = picture.stat()

    other = picture.with_name("2.jpg")
    other.write_bytes(b"content")
    os.utime(other, ns=(0, before.st_mtime_ns))
    assert not look_up(file, other)[1]
    os.utime(picture, ns=(0, before.st_mtime_ns + 1))
    assert not look_up(file, picture)[1]
    picture.write_bytes(b"more content")
    os.utime(picture, ns=(0, before.st_mtime_ns))
    assert not look_up(file, picture)[1]


@pytest.mark.skipif(os.name != "posix", reason="names of bytes exist only on POSIX")
def test_any_path(file, tmp_path):
    folder = tmp_path / os.fsdecode(b"fold\xe9r")
    folder.mkdir()
    for number, name in enumerate((b"caf\xe9.jpg", b"new\nline.jpg", b"x" * 255, b"a'b\".jpg")):
        path = folder / os.fsdecode(name)
        path.write_bytes(b"x")
        keep(file, path, Reason(str(number)))
        assert look_up(file, path) == (Reason(str(number)), True)


@pytest.mark.parametrize("content", [b"this is no data base" * 300, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_put_aside(file, picture, content):
    file.parent.mkdir()
    file.write_bytes(content)

    keep(file, picture)

    assert look_up(file, picture) == (FACTS, True)
    assert file.with_name("scan.sqlite.damaged").read_bytes() == content


def test_damage_that_shows_later_is_harmless(file, picture):
    with ScanCache(file) as cache:
        for number in range(3000):
            path = picture.with_name(str(number))
            cache.put(path, picture.stat(), FACTS)
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xa5" * len(content[8192:])
    file.write_bytes(content)

    with ScanCache(file) as cache:
        for number in range(0, 3000, 100):
            assert cache.get(picture.with_name(str(number)), picture.stat())[0] in {None, FACTS}
            cache.put(picture.with_name(f"new {number}"), picture.stat(), FACTS)

    keep(file, picture)
    assert look_up(file, picture) == (FACTS, True)


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path, picture):
    for file in (tmp_path, picture / "scan.sqlite"):
        keep(file, picture)
        assert look_up(file, picture) == (None, False)


def test_a_data_base_that_another_process_holds_is_gone_without(file, picture, monkeypatch):
    monkeypatch.setattr(scan_cache, "_BUSY_SECONDS", 0)
    keep(file, picture)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        keep(file, picture.with_name("1.jpg"), None)
    assert look_up(file, picture) == (FACTS, True)


def test_a_full_disk_ends_writing_but_nothing_else(file, picture):
    keep(file, picture)
    with ScanCache(file) as cache:
        assert cache._connection is not None
        cache._connection.execute("PRAGMA max_page_count = 8")
        for number in range(2000):
            cache.put(picture.with_name(str(number)), picture.stat(), FACTS)
        assert cache.get(picture, picture.stat()) == (FACTS, True)
    assert rows(file) < 2000
    assert look_up(file, picture) == (FACTS, True)


def test_what_a_killed_scan_had_done_is_there(file, picture):
    cache = ScanCache(file)
    for number in range(scan_cache.BATCH_ROWS + 1):
        cache.put(picture.with_name(str(number)), picture.stat(), FACTS)

    with closing(sqlite3.connect(file)) as other:  # while the first one never closes
        assert other.execute("SELECT count(*) FROM file").fetchone()[0] == scan_cache.BATCH_ROWS
    cache.close()


def test_other_decoders_begin_anew(file, picture, monkeypatch):
    keep(file, picture)
    monkeypatch.setattr(scan_cache, "_versions", lambda: "newer")

    assert look_up(file, picture) == (None, False)


def test_another_schema_begins_anew(file, picture):
    keep(file, picture)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("DROP TABLE file; CREATE TABLE file (other); PRAGMA user_version = 99;")

    keep(file, picture)
    assert look_up(file, picture) == (FACTS, True)


def test_what_nobody_used_for_a_year_is_dropped(file, picture):
    other = picture.with_name("2.jpg")
    other.write_bytes(b"2")
    keep(file, picture, clock=lambda: 1000 * DAY)
    keep(file, other, clock=lambda: 1000 * DAY)
    assert look_up(file, picture, clock=lambda: 1200 * DAY)[1]

    keep(file, picture.with_name("1.jpg"), clock=lambda: 1400 * DAY)

    assert rows(file) == 1


def test_the_number_of_rows_is_bounded(file, picture, monkeypatch):
    monkeypatch.setattr(scan_cache, "MOST_ROWS", 10)
    for day in range(8):
        with ScanCache(file, clock=lambda day=day: (1000 + day) * DAY) as cache:
            for number in range(3):
                cache.put(picture.with_name(f"{day} {number}"), picture.stat(), FACTS)

    assert rows(file) == 10
    with ScanCache(file) as cache:
        assert all(cache.get(picture.with_name(f"7 {n}"), picture.stat())[1] for n in range(3))
        assert not cache.get(picture.with_name("0 0"), picture.stat())[1]
