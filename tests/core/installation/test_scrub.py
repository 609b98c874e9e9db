"""Reports and logs do not say who the user is."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from desktop_app.core.installation.scrub import scrub, user_patterns


def scrubbed(text, homes, name, **options):
    for pattern in user_patterns(homes, name, **options):
        text = pattern.sub("~", text)
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('File "/home/alice/app/main.py", line 3', 'File "~/app/main.py", line 3'),
        ("/data/alice/photos and /home/alice", "/data/~/photos and ~"),
        ("owned by alice.", "owned by ~."),
        ("/home/alice2/app", "/home/alice2/app"),
        ("malice, alice_1, chalice", "malice, alice_1, chalice"),
    ],
)
def test_home_and_name(text, expected):
    assert scrubbed(text, ["/home/alice"], "alice") == expected


def test_windows_paths_in_every_spelling():
    text = r"c:\users\Alice\a.py 'C:\\Users\\Alice\\a.py' C:/Users/Alice/a.py"
    result = scrubbed(text, [r"C:\Users\Alice"], "Alice", ignore_case=True)
    assert result == r"~\a.py '~\\a.py' ~/a.py"


def test_a_short_name_is_replaced_in_paths_only():
    assert scrubbed("a picture in /media/a/card", ["/home/a"], "a") == "a picture in /media/~/card"


def test_no_home_and_no_name():
    assert scrubbed("/usr/lib/python", ["/"], "") == "/usr/lib/python"


def test_this_user():
    text = scrub(f"{Path.home()}/pictures/cat.jpg of {getpass.getuser()}")
    assert text == "~/pictures/cat.jpg of ~"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://host/cat.jpg", "https://host/cat.jpg"),
        ("https://me:secret@host/cat.jpg", "https://host/cat.jpg"),
        ("http://host/cat.jpg?token=abc&x=1 next", "http://host/cat.jpg?... next"),
        ("'https://u:p@host:8080/a?k=v#part'", "'https://host:8080/a?...#part'"),
    ],
)
def test_links_lose_passwords_and_queries(link, expected):
    assert scrub(link) == expected
