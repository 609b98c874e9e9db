"""The texts use plain words: a list of words that we do not use, and what to write instead.

It reads strings, docstrings and comments of the code, and the guides, without importing anything. It ignores
names in the code.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.source_tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = {
    r"noughts?": "zero",
    r"(?:learn\w* )?by heart": "overfitting, memorizing",
    r"(?<!that\s)(?<!which\s)(?<!it\s)doubles": "duplicates",
    r"(?:go|goes|going|gone|went) on": "resume, continue, last",
    r"(?:tell|tells|telling|told) of": "show, report, list, return",
    r"(?:is|are|be|been|being|was|were) told(?! apart)": "shown, reported, given; or the active: it gets",
    r"mend(?:s|ed|ing)?": "fix",
    r"(?:break|breaks|breaking|broke|broken) off": "end early, be incomplete",
    r"anew": "again",
    r"crews?": "workers",
    r"supply": "feeder",
    r"desks?": "the thing's name, such as queue",
    r"tickets?": "the thing's name, such as request",
    r"spoil(?:s|t|ed|ing)?": "damage, damaged",
    r"in the way of": "like",
    r"heed(?:s|ed|ing)?": "use, follow",
    r"thr(?:ow|ows|own|ew|owing) (?:\w+ ){0,3}away": "discard",
    r"takes? for what|taken for what|what it takes for": "which classes it confuses, confusion matrix",
    r"worst mistakes": "most confident mistakes",
    r"(?:training|validation|test|held-out) parts?": "split, subset, or training set and so on",
    r"parts of the (?:data|data set|pictures)": "splits, subsets",
    r"(?:pictures?|rows?) (?:is|are|was|were) answered|answered by": "classified, predicted",
    r"models? that answers?|network answers": "the model, predicts",
    r"understood are": "the active: Sightline understands",
    r"files? by label|filed by label": "sort into folders",
    r"(?-i:(?<=:\s)(?:That|Those)(?= (?:is|are|it|of|that|which)\b|[.,]))": "a noun: 'model: The network'",
    r"(?-i:(?:(?<=:\s)|\A)Of(?= (?:the|a|an|it|its|each|every|those|that)\b))": "a noun: 'name: Its name'",
}
"""What to write instead of words; each is a pattern in which a space stands for any white space."""

EXEMPTIONS = {
    ("CONTRIBUTING.md", "in the way of"): "an example of what not to write",
    ("docs/packaging.md", "ticket"): "Apple's word for what its notary hands out",
    ("packaging/macos/make_dmg.sh", "ticket"): "the same",
}
"""A file and a word of it that has to stay, to the reason."""

GUIDES = (
    "*.md",
    "docs/*.md",
    "models/*/README.md",
    "resources/samples/*.md",
    "resources/service/*.*",
    "packaging/linux/*",
    "packaging/*/*.sh",
    "packaging/*.sh",
    "packaging/windows/*",
    ".github/workflows/*.yml",
    "Makefile",
)
NOT_READ = {"CHANGELOG.md"}
"""What was released under its old words keeps them."""


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)".replace(" ", r"\s+"), re.IGNORECASE)


_EACH = [(_whole_words(pattern), instead) for pattern, instead in WORDS.items()]
_ANY = _whole_words("|".join(f"(?:{pattern})" for pattern in WORDS))
_GENERATED = re.compile(r"<!-- [^>]*begin -->.*?<!-- [^>]*end -->", re.DOTALL)
"""The section of a guide that a program wrote; its texts are checked at their source."""
_FILLED_IN = re.compile(r"\{[^{}]*\}")
_STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
_BETWEEN = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


@dataclass(frozen=True)
class Hit:
    """A word that we do not use.

    Attributes:
        file: The file's path inside the project.
        line: The line that the word starts in, from 1.
        word: The word as it is written there.
        instead: What to write instead.
    """

    file: str
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.word} -> {self.instead}"


def texts_of_code(source: str) -> Iterator[tuple[int, str]]:
    """Yield strings and comments with their first lines; consecutive ones are one text."""
    kind, first, last, text = 0, 0, 0, ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _BETWEEN:
            continue
        if token.type not in {tokenize.COMMENT, *_STRINGS}:
            yield first, text
            kind, text = 0, ""
            continue
        now = tokenize.COMMENT if token.type == tokenize.COMMENT else tokenize.STRING
        piece = token.string.lstrip("#") if now == tokenize.COMMENT else _inside(token.string)
        if now != kind or token.start[0] > last + 1:
            yield first, text
            kind, first, text = now, token.start[0], piece
        else:
            text += "\n" * (token.start[0] - last) + piece
        last = token.end[0]
    yield first, text


def _inside(token: str) -> str:
    """Drop the quotes of a string's token and what an f-string fills in; line breaks stay."""
    quoted = re.fullmatch(r"(\w*)('''|\"\"\"|'|\")(.*)\2", token, re.DOTALL)
    if quoted is None:
        return token
    prefix, _quote, text = quoted.groups()
    return _FILLED_IN.sub("…", text) if "f" in prefix.lower() else text


def hits(file: str, texts: Iterator[tuple[int, str]]) -> Iterator[Hit]:
    for first, text in texts:
        for match in _ANY.finditer(text):
            line = first + text.count("\n", 0, match.start())
            instead = next(instead for word, instead in _EACH if word.match(text, match.start()))
            yield Hit(file, line, " ".join(match.group().split()), instead)


def hits_in(path: Path) -> Iterator[Hit]:
    text = path.read_text(encoding="utf-8")
    texts = texts_of_code(text) if path.suffix == ".py" else iter([(1, _GENERATED.sub(_only_lines, text))])
    yield from hits(path.relative_to(ROOT).as_posix(), texts)


def _only_lines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def files() -> Iterator[Path]:
    for folder in ("desktop_app", "benchmarks", "packaging"):
        yield from (ROOT / folder).rglob("*.py")
    for pattern in GUIDES:
        yield from (path for path in ROOT.glob(pattern) if path.name not in NOT_READ)


def test_words_that_we_do_not_use_are_not_used():
    found = [hit for path in sorted(files()) for hit in hits_in(path)]
    exempt = {(hit.file, hit.word.lower()) for hit in found} & EXEMPTIONS.keys()
    assert exempt == EXEMPTIONS.keys(), "an exemption is no longer needed"
    wrong = [str(hit) for hit in found if (hit.file, hit.word.lower()) not in exempt]
    assert not wrong, "\n".join(wrong)


def test_strings_docstrings_and_comments_are_read():
    source = '''"""It goes
    on with the job."""
x = [f"{mend} the {crew}" "supply"]  # not what it was
# in the way
# of others
told = "spoilt pictures"
"""x: That is trained."""
'''
    ast.parse(source)
    found = [(hit.line, hit.word) for hit in hits("x.py", texts_of_code(source))]
    assert found == [(1, "goes on"), (3, "supply"), (4, "in the way of"), (6, "spoilt"), (7, "That")]


@pytest.mark.parametrize(
    "text",
    [
        "Tell them apart.",
        "They are told apart.",
        "Place it there.",
        "That is why.",
        "A double-click.",
        "Ongoing.",
    ],
)
def test_other_words_are_free(text):
    assert not list(hits("x.md", iter([(1, text)])))
