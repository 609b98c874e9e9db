import sys

import pytest

from desktop_app.core.foundation import children

WAIT = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture(autouse=True)
def beginning(monkeypatch):
    monkeypatch.setattr(children, "_over", False)


def test_a_child_ends_with_the_body(tmp_path):
    with children.child(WAIT, tmp_path) as process:
        assert process.poll() is None
    assert process.poll() is not None
    assert tmp_path.is_dir()


def test_a_child_ends_with_an_error_in_the_body(tmp_path):
    def fail():
        with children.child(WAIT, tmp_path) as process:
            seen.append(process)
            raise KeyError

    seen = []
    with pytest.raises(KeyError):
        fail()
    assert seen[0].poll() is not None


def test_all_end_with_their_folders_and_none_is_started_any_more(tmp_path):
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    with children.child(WAIT, folders[0]) as one, children.child(WAIT, folders[1]) as two:
        children.end_all()
        assert one.poll() is not None
        assert two.poll() is not None
        assert not any(folder.exists() for folder in folders)
        with pytest.raises(OSError, match="the app is ending"), children.child(WAIT, tmp_path):
            pass
