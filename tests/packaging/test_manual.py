"""The manual page names every command, action and option that the program has, and no other."""

import argparse
import re
import shutil
import subprocess

import pytest

from desktop_app import cli
from tests.packaging.conftest import PACKAGING

PAGE = PACKAGING / "linux" / "sightline.1"
_ENTRY = re.compile(r"^\.TP\n\.BI? (?P<name>\S+)", re.MULTILINE)


def commands(parser):
    """The parsers of the commands, or of a command's actions, by name; without those that help leaves out."""
    [found] = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)] or [None]
    if found is None:
        return {}
    return {each.dest: found.choices[each.dest] for each in found._choices_actions}


def described(parser):
    """Names of a command's actions, and the long options of all of them."""
    actions = commands(parser)
    options = [each._option_string_actions for each in (parser, *actions.values())]
    flags = {flag for each in options for flag, option in each.items() if option.help != argparse.SUPPRESS}
    return set(actions) | {flag for flag in flags if flag.startswith("--")} - {"--help"}


@pytest.fixture(scope="module")
def sections():
    """The text of each command's section."""
    text = PAGE.read_text(encoding="utf-8").partition(".SH COMMANDS\n")[2].partition("\n.SH ")[0]
    parts = re.split(r"^\.SS (\w+).*$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_command_has_a_section_in_the_order_of_the_help(sections):
    assert list(sections) == list(commands(cli.build_parser()))


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_a_section_names_what_the_command_takes(sections, command):
    named = [match["name"].replace("\\-", "-") for match in _ENTRY.finditer(sections[command])]
    assert len(named) == len(set(named))
    assert set(named) == described(commands(cli.build_parser())[command])


def test_choices_are_those_of_the_program(sections):
    for command, parser in commands(cli.build_parser()).items():
        for option in parser._actions:
            if option.choices and not isinstance(option.choices, dict) and option.option_strings:
                name = re.escape(option.option_strings[-1].replace("-", "\\-"))
                [shown] = re.findall(rf'^\.BI {name} " (\S+)"$', sections[command], re.MULTILINE)
                assert shown.split("|") == list(option.choices), f"{command} {option.option_strings}"


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_page_is_formatted_without_a_warning():
    words = ["groff", "-man", "-Tutf8", "-ww", "-z", PAGE]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert not done.stderr
