"""Settings survive a restart, and a damaged file does not stop the start."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

from desktop_app import __version__
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.settings import MAX_BYTES, Settings, SettingsStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "settings.json"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_without_a_file_the_defaults_count(path):
    store = SettingsStore(path)
    assert store.load() == Settings()
    assert store.problem == ""
    assert not path.exists()


def test_saved_settings_come_back(path):
    settings = Settings(
        theme="dark",
        model_id="vgg19",
        fit="crop",
        engine="tensorflow",
        precision="float32",
        allow_private_hosts=True,
        window_geometry="AdnQywAD",
        window_state="AAAA/w==",
    )
    store = SettingsStore(path)
    store.save(settings)
    assert store.settings == settings
    assert SettingsStore(path).load() == settings
    assert json.loads(path.read_text())["schema_version"] == 3
    assert json.loads(path.read_text())["made_by"] == __version__


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"[]",
        b"\xff\xfe",
        b'{"schema_version": 3, "made_by": 1}',
        b'{"schema_version": 0}',
        b'{"theme": "pink"}',
        b'{"window_geometry": "no base64!"}',
        b'{"unknown": 1}',
        b'{"model_id": ""}',
        b'{"model_id": 1}',
        b'{"fit": "stretch"}',
        b'{"schema_version": 3, "engine": "openvino"}',
        b'{"schema_version": 3, "precision": "bfloat16"}',
        b'{"allow_private_hosts": 1}',
        b'{"schema_version": true}',
        b'{"window_state": []}',
        b'{"theme": ["dark"]}',
        b"[" * 2_000,
        b" " * (MAX_BYTES + 1),
    ],
)
def test_an_invalid_file_is_put_aside(path, data):
    write(path, data)
    store = SettingsStore(path)
    assert store.load() == Settings()
    assert "is not valid" in store.problem
    assert "settings.invalid.json" in store.problem
    assert not path.exists()
    assert path.with_name("settings.invalid.json").read_bytes() == data
    store.save(Settings(theme="light"))
    assert store.load().theme == "light"
    assert store.problem == ""


def test_settings_of_version_1_are_kept_and_brought_up_to_date(path):
    write(path, b'{\n  "schema_version": 1,\n  "theme": "dark",\n  "model_id": "vgg19"\n}\n')
    store = SettingsStore(path)
    settings = store.load()
    assert (settings.theme, settings.model_id, settings.made_by, store.problem) == ("dark", "vgg19", "", "")
    assert json.loads(path.read_text()) == {
        "schema_version": 3,
        "theme": "dark",
        "model_id": "vgg19",
        "made_by": "",
        "engine": "automatic",
        "precision": "automatic",
    }
    store.save(settings.changed(theme="light"))
    assert json.loads(path.read_text())["made_by"] == __version__


def test_settings_of_a_newer_version_are_put_aside_whole(path):
    data = b'{"schema_version": 4, "theme": {"light": "dawn", "dark": "dusk"}}'
    write(path, data)
    store = SettingsStore(path)
    assert store.load() == Settings()
    assert f"{path} was made by a newer Sightline (schema 4); update Sightline." in store.problem
    assert path.with_name("settings.invalid.json").read_bytes() == data


def test_the_wrong_field_is_named(path):
    write(path, b'{"theme": "pink"}')
    store = SettingsStore(path)
    store.load()
    assert "(theme: " in store.problem


def test_a_folder_in_its_place(path):
    path.mkdir(parents=True)
    store = SettingsStore(path)
    assert store.load() == Settings()
    assert "default settings" in store.problem


def test_what_cannot_be_written_is_told_and_used_all_the_same(path):
    path.parent.write_text("a file where the folder should be")
    store = SettingsStore(path)
    with pytest.raises(StorageError):
        store.save(Settings(theme="dark"))
    assert store.settings.theme == "dark"


def test_settings_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        Settings().theme = "dark"


def test_an_override_counts_for_this_run_only(path):
    store = SettingsStore(path)
    store.save(Settings(theme="light", fit="crop"))
    store.override(theme="dark")
    assert store.settings == Settings(theme="dark", fit="crop")
    store.save(store.settings.changed(fit=None))
    assert store.settings.theme == "dark"
    assert SettingsStore(path).load() == Settings(theme="light", fit=None)


def test_what_the_user_chooses_replaces_an_override(path):
    store = SettingsStore(path)
    store.override(theme="dark")
    store.save(Settings(theme="light"))
    assert SettingsStore(path).load().theme == "light"
