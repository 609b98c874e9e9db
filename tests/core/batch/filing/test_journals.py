from __future__ import annotations

import random

import pytest

from desktop_app.core.batch.filing import filing
from desktop_app.core.batch.filing.filing import Plan, Step, carry_out, give_up_undo, undo
from desktop_app.core.batch.filing.journals import (
    FiledFiles,
    filed_files,
    journals_of,
    last_filing,
    new_journal,
)
from tests.core.batch.fakes import make_folder


@pytest.fixture
def job(tmp_path):
    return tmp_path / "jobs" / "batch-1.job"


def file(job, how, *steps):
    journal = new_journal(job)
    planned = Plan(
        how, job.parent, tuple(Step(source, target, renamed=False) for source, target in steps), 0, 0, ()
    )
    carry_out(planned, journal)
    return journal


def test_a_job_without_journals(job):
    assert journals_of(job) == []
    assert last_filing(job) is None
    assert filed_files(job) == FiledFiles()


def test_journals_belong_to_one_job_and_keep_their_order(job, tmp_path):
    folder = make_folder(tmp_path / "pictures", 3)
    journals = [
        file(job, "copy", (folder / f"{number}.ppm", tmp_path / str(number) / "a.ppm")) for number in range(3)
    ]
    file(job.with_name("batch-10.job"), "copy", (folder / "0.ppm", tmp_path / "x" / "a.ppm"))
    job.touch()
    assert journals_of(job) == journals
    assert last_filing(job).journal == journals[-1]


def test_the_last_filing_that_stands_would_be_taken_back_first(job, tmp_path):
    folder = make_folder(tmp_path / "pictures", 2)
    first = file(job, "move", (folder / "0.ppm", tmp_path / "a" / "0.ppm"))
    second = file(job, "link", (folder / "1.ppm", tmp_path / "a" / "1.ppm"))
    assert last_filing(job).filed.sentence == f"1 picture linked into {tmp_path}."
    undo(second)
    assert last_filing(job).journal == first
    assert last_filing(job).filed.sentence == f"1 picture moved into {tmp_path}."
    (job.with_name("batch-1.2999.journal")).write_text("damaged")
    assert last_filing(job).journal == first


def test_a_filing_that_cannot_be_taken_back_does_not_keep_earlier_ones_from_it(job, tmp_path):
    folder = make_folder(tmp_path / "pictures", 3)
    first = file(job, "copy", (folder / "0.ppm", tmp_path / "a" / "0.ppm"))
    second = file(job, "copy", (folder / "1.ppm", tmp_path / "a" / "1.ppm"))
    (tmp_path / "a" / "1.ppm").write_text("edited since")
    assert last_filing(job).journal == second
    assert undo(second).problems
    assert last_filing(job).journal == first
    undo(first)
    assert last_filing(job).journal == second
    assert (tmp_path / "a" / "1.ppm").read_text() == "edited since"


@pytest.mark.parametrize(
    ("how", "lost"),
    [
        ("copy", "The copies stay there, and Undo will no longer remove them."),
        ("move", "They stay there, and Undo will no longer move them back."),
        ("link", "The links stay there, and Undo will no longer remove them."),
    ],
)
def test_an_undo_that_cannot_end_can_be_given_up(job, tmp_path, how, lost):
    folder = make_folder(tmp_path / "pictures", 3)
    earlier = file(job, "copy", (folder / "0.ppm", tmp_path / "a" / "0.ppm"))
    source, target = folder / "1.ppm", tmp_path / "a" / "1.ppm"
    later = file(job, how, (source, target))
    assert not last_filing(job).in_vain
    target.unlink()
    target.write_text("another one")
    assert undo(later).problems
    undo(earlier)
    stuck = last_filing(job)
    assert (stuck.journal, stuck.in_vain) == (later, True)
    assert stuck.given_up == f"1 picture {stuck.filed.what} into {tmp_path}. {lost} No file is touched."
    known = filed_files(job)
    give_up_undo(later)
    assert last_filing(job) is None
    assert filed_files(job) == known  # a picture that was moved is still found
    assert target.read_text() == "another one"


def test_what_is_nowhere_any_more_is_told_once_and_not_offered_again(job, tmp_path):
    folder = make_folder(tmp_path / "pictures", 1)
    journal = file(job, "move", (folder / "0.ppm", tmp_path / "a" / "0.ppm"))
    (tmp_path / "a" / "0.ppm").unlink()
    (problem,) = undo(journal).problems
    assert problem.reason == "It is in neither folder any more."
    assert last_filing(job) is None


def test_where_pictures_are_now(job, tmp_path):
    folder = make_folder(tmp_path / "pictures", 3)
    moved, copied, linked = (folder / f"{number}.ppm" for number in range(3))
    once, twice = tmp_path / "once.ppm", tmp_path / "twice.ppm"
    file(job, "move", (moved, once))
    file(job, "copy", (copied, tmp_path / "copy.ppm"))
    file(job, "link", (linked, tmp_path / "link.ppm"))
    assert filed_files(job).moved == {moved: once}
    last = file(job, "move", (once, twice))
    found = filed_files(job)
    assert found.moved == {moved: twice}
    assert {tmp_path / "copy.ppm", tmp_path / "link.ppm", twice} <= found.targets
    undo(last)
    assert filed_files(job).moved == {moved: once}


def test_a_step_that_a_crash_cut_short_before_it_did_anything_moved_nothing(job, tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "pictures", 1)

    def crash(step, _how, notes):
        notes.begin(step.source, step.target)
        raise KeyboardInterrupt

    monkeypatch.setattr(filing, "take_step", crash)
    with pytest.raises(KeyboardInterrupt):
        file(job, "move", (folder / "0.ppm", tmp_path / "away.ppm"))
    assert filed_files(job) == FiledFiles()


def test_a_journal_with_flipped_bits_is_read_as_far_as_it_makes_sense(job, tmp_path):
    folder = make_folder(tmp_path / "pictures", 3)
    journal = file(job, "copy", *((folder / f"{n}.ppm", tmp_path / "a" / f"{n}.ppm") for n in range(3)))
    content = journal.read_bytes()
    draw = random.Random(1)
    for _ in range(2000):
        damaged = bytearray(content)
        damaged[draw.randrange(len(damaged))] = draw.choice(b'"{}[]:, 19x\n')
        journal.write_bytes(damaged)
        filing = last_filing(job)
        assert filing is None or 1 <= filing.filed.done <= 3
        filed_files(job)
    journal.write_bytes(content.replace(b'"source"', b'"sourcf"', 1))
    assert last_filing(job).filed.done == 2
