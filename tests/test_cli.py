from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.cli import COMMANDS, PLAIN_WINDOW, build_parser, main
from desktop_app.core.foundation import paths


def sightline(*words, stdout=subprocess.PIPE, **options):
    command = [sys.executable, "-m", "desktop_app", *words]
    return subprocess.run(command, check=False, stdout=stdout, stderr=subprocess.PIPE, timeout=60, **options)


@pytest.mark.parametrize("words", [["--help"], ["classify", "--help"], ["cat.jpg", "--help"], ["--version"]])
def test_help_is_printed_whatever_stands_beside_it(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert "sightline" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["classify"],
        ["classify", "x", "--top", "0"],
        ["models", "nothing"],
        ["train", "x", "--test-split", "2"],
    ],
)
def test_wrong_usage_is_status_two(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["runs", "frobnicate"], "'frobnicate' is not one of list, show, rename, remove, restore"),
        (["doctor", "--format", "xml"], "--format: 'xml' is not one of text, json"),
        (["window", "--pane", "x"], "--pane: 'x' is not one of classify, batch, train, runs, models"),
        (["train", "x", "--validation-split", "5"], "'5' is not a number from 0 to 0.9"),
        (
            ["train", "x", "--validation-split", "half"],
            "--validation-split: 'half' is not a number from 0 to 0.9",
        ),
        (["train", "x", "--test-split", "nan"], "'nan' is not a number from 0 to 0.9"),
        (["classify", "x", "--top", "two"], "'two' is not a whole number of 1 or more"),
        (["serve", "--port", "70000"], "'70000' is not a whole number from 0 to 65535"),
    ],
)
def test_wrong_usage_is_answered_with_what_is_allowed(words, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"{sentence}\n")


@pytest.mark.parametrize("words", [["--help"], ["models", "list"], ["recipes"], ["runs"]])
def test_needs_neither_tensorflow_nor_qt(words):
    script = (
        "import sys\nfrom desktop_app.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "assert not {'tensorflow', 'keras', 'PySide6', 'h5py'} & set(sys.modules), sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, *words], check=True, capture_output=True, timeout=60)


LOADED = """
import sys
from desktop_app.cli import COMMANDS, PLAIN_WINDOW, build_parser, main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""
FOR_JOBS = {"tqdm", "sqlite3", "desktop_app.core.batch.job.job", "desktop_app.core.batch.results.export"}
FOR_GPUS = {f"desktop_app.core.devices.{module}" for module in ("driver", "explain", "host")}
FOR_OTHER_PICTURES = {"pillow_heif", "tifffile", "imagecodecs", "desktop_app.core.images.links.fetch"}


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        (["--help"], {"numpy", "PIL", "pydantic", "platformdirs", "tempfile"}),
        (["models", "list"], {"numpy", "PIL", "tqdm", "desktop_app.core.library.inspection"}),
        (["classify", "absent.jpg", "--model", "absent"], FOR_JOBS | FOR_OTHER_PICTURES | FOR_GPUS),
    ],
)
def test_a_command_loads_only_what_it_uses(words, unneeded):
    """A person waits for each of them; the last command gets as far as the model, which there is not."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], check=True, capture_output=True, text=True, timeout=60
    )
    loaded = set(done.stderr.split())
    assert "desktop_app.cli" in loaded
    assert loaded & unneeded == set()


def test_only_the_command_in_use_is_described():
    assert [*build_parser("runs")._subparsers._group_actions[0].choices] == ["runs"]
    for name in COMMANDS:
        parser = build_parser(name)
        with pytest.raises(SystemExit) as ended:
            parser.parse_args([name, "--help"])
        assert ended.value.code == 0


def test_no_words_open_the_window_as_its_command_does():
    assert vars(build_parser("window").parse_args(["window"])) == PLAIN_WINDOW


def test_pydantic_looks_for_no_plugins():
    script = (
        "import sys\nfrom desktop_app.core.library import card\n"
        "from pydantic.plugin import _loader\nassert not _loader.get_plugins()\n"
        "assert _loader._plugins is None"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=60)


def test_names_that_the_terminal_cannot_show_are_spelled_out(tmp_path):
    name = tmp_path / "\u732b.jpg"
    done = sightline("models", "show", name.name, env=os.environ | {"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 2
    assert rb"\u732b" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_is_full_is_a_sentence():
    with Path("/dev/full").open("wb") as full:
        done = sightline("models", stdout=full)
    assert done.returncode == 1
    assert done.stderr.decode() == "The output cannot be written: No space left on device.\n"


def test_a_reader_that_goes_away_is_not_worth_a_word():
    reading, writing = os.pipe()
    os.close(reading)
    done = sightline("models", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", [["train"], ["classify"], ["runs", "show"]])
def test_the_help_of_a_command_begins_with_how_it_is_called(words, capsys):
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    assert capsys.readouterr().out.startswith(f"usage: sightline {' '.join(words)} ")


def test_a_damaged_installation_is_a_sentence(monkeypatch, capsys, tmp_path):
    missing = paths.resources() / "icons" / "no-such.svg"
    monkeypatch.setattr("desktop_app.cli._run", lambda _options: missing.read_text())
    assert main(["models"]) == 1
    said = capsys.readouterr().err
    assert str(missing) in said
    assert "Reinstall Sightline." in said
    monkeypatch.setattr("desktop_app.cli._run", lambda _options: (tmp_path / "gone").read_text())
    with pytest.raises(FileNotFoundError):
        main(["models"])
