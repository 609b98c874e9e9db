"""The settings and the scan cache of earlier builds are read."""

from __future__ import annotations

import contextlib
import sqlite3

from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.examine.scan_cache import ScanCache
from desktop_app.core.foundation import paths
from desktop_app.core.settings import SettingsStore


def test_the_settings_are_what_the_user_chose(root):
    store = SettingsStore(paths.settings_file())
    settings = store.load()
    assert store.problem == ""
    assert (settings.theme, settings.model_id, settings.fit) == ("dark", "everything", "crop")
    assert settings.allow_private_hosts is True
    assert (settings.window_geometry, settings.window_state) == ("", "")


def test_the_settings_are_saved_over_the_old_ones(root):
    store = SettingsStore(paths.settings_file())
    store.save(store.load().changed(theme="light"))
    again = SettingsStore(paths.settings_file())
    assert (again.load().theme, again.settings.model_id, again.problem) == ("light", "everything", "")


def test_a_scan_cache_is_used_or_begun_again_but_never_an_obstacle(root):
    # What another version of the decoders found is dropped: a cache may forget, not be taken for damaged.
    cache = paths.datasets() / "scan.sqlite"
    with contextlib.closing(sqlite3.connect(cache)) as connection:
        assert connection.execute("SELECT count(*) FROM file").fetchone() == (64,)
    report = doctor.examine(root / "pictures" / "two")
    assert [found.total for found in report.classes] == [12, 12]
    assert [path.name for path in cache.parent.iterdir() if "damaged" in path.name] == []
    picture = next((root / "pictures" / "two").rglob("*.ppm"))
    with ScanCache(cache) as known:
        assert known.get(picture, picture.stat())[1]
