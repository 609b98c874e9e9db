"""Steps are taken in order; a failure stops only what stands on it."""

from __future__ import annotations

import sys

from desktop_app.core.health.checks import CheckFailed, Step, run_steps


def failing():
    raise CheckFailed("It is broken.", "Fix it.")


def defective():
    return str(1 / 0)


def test_a_failure_stops_what_needs_it_and_nothing_else():
    tried = []

    def fine():
        tried.append(len(tried))
        return "Fine."

    steps = [
        Step("first", fine),
        Step("broken", failing, needs=("first",)),
        Step("standing on it", fine, needs=("first", "broken")),
        Step("standing on that", fine, needs=("standing on it",)),
        Step("last", fine, needs=("first",)),
    ]
    checks = list(run_steps(steps))
    assert [check.name for check in checks] == [step.name for step in steps]
    assert [check.ok for check in checks] == [True, False, False, False, True]
    assert (checks[1].sentence, checks[1].advice) == ("It is broken.", "Fix it.")
    assert checks[2].sentence == "Not tried, because it needs the check 'broken', which failed."
    assert "'standing on it'" in checks[3].sentence
    assert tried == [0, 1]


def test_a_defect_is_named_and_logged(caplog):
    (check,) = run_steps([Step("division", defective)])
    assert not check.ok
    assert check.sentence == "ZeroDivisionError: division by zero"
    assert "'division' of the self-test failed" in caplog.text


def test_a_file_of_the_installation_that_is_gone(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (check,) = run_steps([Step("page", (tmp_path / "resources" / "page.html").read_text)])
    assert not check.ok
    assert "page.html" in check.sentence
    assert check.advice == "Reinstall Sightline."
    (check,) = run_steps([Step("other", (tmp_path / "elsewhere").read_text)])
    assert check.sentence.startswith("FileNotFoundError")


def test_each_check_is_told_as_soon_as_it_is_done():
    checks = run_steps([Step("first", lambda: "Done."), Step("never", failing)])
    assert next(checks).sentence == "Done."
