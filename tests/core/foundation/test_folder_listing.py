import os
from pathlib import Path

import pytest

from desktop_app.core.foundation import folder_listing
from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, SightlineError
from desktop_app.core.foundation.folder_listing import ListingWish, complete, list_entries


@pytest.fixture
def folder(tmp_path):
    for number, name in enumerate(("img10.jpg", "img2.JPG", "b.txt", ".hidden.jpg")):
        (tmp_path / name).write_bytes(bytes(number))
        os.utime(tmp_path / name, (1000 - number, 1000 - number))
    for name in ("dir10", "dir2"):
        (tmp_path / name).mkdir()
    return tmp_path


def names(folder, **options):
    return [entry.name for entry in listed(ListingWish(folder, **options))]


def listed(wish, cancel=NEVER, on_progress=lambda _entries: None):
    return list_entries(wish, cancel, on_progress)


def test_folders_come_first_both_in_natural_order(folder):
    assert names(folder) == ["dir2", "dir10", "b.txt", "img2.JPG", "img10.jpg"]


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ({"sort": "size"}, ["img10.jpg", "img2.JPG", "b.txt"]),
        ({"sort": "size", "descending": True}, ["b.txt", "img2.JPG", "img10.jpg"]),
        ({"sort": "modified"}, ["b.txt", "img2.JPG", "img10.jpg"]),
        ({"patterns": ("*.jpg", "*.png")}, ["img2.JPG", "img10.jpg"]),
        ({"hidden": True, "patterns": ("*.jpg",)}, [".hidden.jpg", "img2.JPG", "img10.jpg"]),
        ({"folders_only": True}, []),
    ],
)
def test_files_are_sorted_and_filtered(folder, options, files):
    assert names(folder, **options)[2:] == files


def test_links_are_what_they_lead_to(folder):
    (folder / "link").symlink_to(folder / "dir2")
    (folder / "nowhere").symlink_to(folder / "nothing")
    entries = {entry.name: entry for entry in listed(ListingWish(folder))}
    assert entries["link"].is_folder
    assert not entries["nowhere"].is_folder


@pytest.mark.parametrize("name", ["gone", "b.txt", "nul\0"])
def test_what_cannot_be_listed_is_said(folder, name):
    with pytest.raises(SightlineError, match="cannot be listed"):
        listed(ListingWish(folder / name))


def test_nobody_waits_for_a_listing_that_is_not_wanted_any_more(folder):
    cancel = CancelSource()
    cancel.cancel()
    with pytest.raises(Cancelled):
        listed(ListingWish(folder), cancel.token)


@pytest.mark.parametrize(("sort", "times"), [("name", 1), ("size", 0)])
def test_names_come_before_sizes_and_times_where_they_are_in_order(folder, sort, times):
    early = []
    entries = listed(ListingWish(folder, sort=sort), on_progress=early.append)
    assert len(early) == times
    for given in early:
        assert [entry.name for entry in given] == [entry.name for entry in entries]
        assert not any(entry.size or entry.modified for entry in given)
    assert all(entry.modified for entry in entries)
    assert [entry.size for entry in entries if not entry.is_folder] == (
        [2, 1, 0] if sort == "name" else [0, 1, 2]
    )


def test_paths_are_completed_whatever_the_case(folder, monkeypatch):
    assert complete(f"{folder}/DIR", False, NEVER) == (f"{folder}/dir2/", f"{folder}/dir10/")
    assert complete(f"{folder}/i", False, NEVER) == (f"{folder}/img2.JPG", f"{folder}/img10.jpg")
    assert complete(f"{folder}/i", True, NEVER) == ()
    assert complete(f"{folder}/.h", False, NEVER) == (f"{folder}/.hidden.jpg",)
    assert complete(f"{folder}/gone/x", False, NEVER) == ()
    monkeypatch.setattr(Path, "home", lambda: folder)
    monkeypatch.setenv("HOME", str(folder))
    assert complete("~/dir1", True, NEVER) == ("~/dir10/",)


def test_only_some_completions_are_given(folder, monkeypatch):
    assert folder_listing.MOST_COMPLETIONS == 50
    monkeypatch.setattr(folder_listing, "MOST_COMPLETIONS", 2)
    assert len(complete(f"{folder}/", False, NEVER)) == 2
