"""Folders are examined without leaving anything in them."""

from __future__ import annotations

from desktop_app.core.health.places import user_places


def test_folders_that_do_not_exist_yet(isolated_home):
    places = user_places()
    assert [place.name for place in places] == ["home", "models", "downloads", "trash", "engine", "logs"]
    assert all(place.writable and place.free > 0 for place in places)
    assert not isolated_home.exists()


def test_nothing_is_left_behind(isolated_home):
    isolated_home.mkdir()
    assert all(place.writable for place in user_places())
    assert not any(isolated_home.iterdir())


def test_a_file_in_the_way(isolated_home):
    isolated_home.write_text("a file, not a folder")
    home = user_places()[0]
    assert not home.writable
    assert home.problem
