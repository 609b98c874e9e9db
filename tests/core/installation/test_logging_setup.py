"""The log file rotates, is scrubbed, and leaves no handler behind."""

from __future__ import annotations

import contextlib
import logging
import warnings
from pathlib import Path

import pytest

from desktop_app.core.installation.logging_setup import FILES, MAX_BYTES, log_file

log = logging.getLogger("desktop_app.test")

# These tests log warnings on purpose.
pytestmark = pytest.mark.usefixtures("caplog")


def test_records_are_written_with_level_and_name(tmp_path):
    with log_file(tmp_path / "logs") as path:
        log.info("hello")
        log.debug("not this")
        logging.getLogger("elsewhere").info("nor this")
    text = path.read_text()
    assert "INFO MainThread desktop_app.test: hello" in text
    assert "this" not in text


def test_the_user_and_passwords_stay_out_of_messages_and_tracebacks(tmp_path):
    with log_file(tmp_path) as path:
        log.error("cannot open %s", Path.home() / "cat.jpg")
        try:
            int("https://me:secret@host/?token=abc")
        except ValueError:
            log.exception("failed")
    text = path.read_text()
    assert str(Path.home()) + "/" not in text
    assert "~/cat.jpg" in text
    assert "secret" not in text
    assert "abc" not in text
    assert "ValueError" in text


def test_the_file_rotates(tmp_path):
    with log_file(tmp_path):
        for _ in range(5):
            for _ in range(10):
                log.info("x" * (MAX_BYTES // 10))
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == FILES
    assert max(sizes) <= MAX_BYTES


def test_names_that_are_not_utf8(tmp_path):
    with log_file(tmp_path) as path:
        log.info("a name: %s", "\udcff")
    assert r"a name: \udcff" in path.read_text()


def test_warnings_are_recorded(tmp_path):
    with warnings.catch_warnings(), log_file(tmp_path) as path:
        warnings.simplefilter("always")
        warnings.warn("old way", UserWarning, stacklevel=1)
    assert "old way" in path.read_text()


def test_without_a_writable_folder_records_go_to_standard_error(tmp_path, capsys):
    (tmp_path / "logs").write_text("a file in the way")
    with log_file(tmp_path / "logs") as path:
        log.warning("still seen")
    assert path is None
    assert "still seen" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [contextlib.nullcontext(), pytest.raises(KeyError)])
def test_nothing_stays_installed(tmp_path, ending):
    before = list(logging.getLogger().handlers)
    with ending, log_file(tmp_path):
        assert len(logging.getLogger().handlers) == len(before) + 1
        if not isinstance(ending, contextlib.nullcontext):
            raise KeyError
    assert logging.getLogger().handlers == before
