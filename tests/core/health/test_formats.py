from importlib.metadata import version

from desktop_app.core.health import formats
from desktop_app.core.health.formats import read_formats


def test_every_reader_of_this_environment_is_listed_with_its_version():
    found = {entry.name: entry for entry in read_formats()}

    assert found["DICOM"].sentence == f"pydicom {version('pydicom')}"
    assert all(entry.version for entry in found.values())


def test_a_missing_reader_is_named(monkeypatch):
    monkeypatch.setattr(formats, "installed_version", lambda _name: None)

    assert read_formats()[0].sentence == "not installed: needs pydicom"
