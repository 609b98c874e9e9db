"""An id leads to a run, or a sentence says why not."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import SightlineError, UsageError
from desktop_app.core.training.script.finding import find_run
from tests.core.training.tiny import stores_in, tiny_config
from tests.tiny_model import colour_card, colour_network

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture
def stores(tmp_path):
    return stores_in(tmp_path)


def install(library, model_id, source):
    """Install a model that says where it is from."""
    card = colour_card(model_id).changed(source=source)
    return library.add(card, lambda path: colour_network().save(path))


def test_a_run_is_found_by_its_id_and_by_its_model(stores, tmp_path):
    runs, library = stores
    run_id = runs.create(tiny_config(tmp_path)).run_id
    install(library, "pets", f"Training run {run_id}")
    assert find_run(run_id, runs, library).record.run_id == run_id
    assert find_run("pets", runs, library).record.run_id == run_id


def test_what_nobody_knows_is_answered_with_what_there_is(stores, tmp_path):
    runs, library = stores
    run_id = runs.create(tiny_config(tmp_path)).run_id
    for name in ("nothing", "../runs", "", "a\x1bb"):
        with pytest.raises(UsageError, match="There is no run and no model") as error:
            find_run(name, runs, library)
        assert run_id in error.value.advice
        assert "\x1b" not in error.value.reason.sentence


def test_a_model_from_elsewhere_has_no_code(stores):
    runs, library = stores
    install(library, "other", "https://example.org")
    with pytest.raises(UsageError, match="Colours was not trained here"):
        find_run("other", runs, library)


def test_a_model_whose_run_was_removed_says_how_to_restore_it(stores, tmp_path):
    runs, library = stores
    run_id = runs.create(tiny_config(tmp_path)).run_id
    install(library, "pets", f"Training run {run_id}")
    runs.remove(run_id)
    with pytest.raises(SightlineError, match="that made Colours is not here any more") as error:
        find_run("pets", runs, library)
    assert "sightline runs restore" in error.value.advice
    runs.restore_last()
    assert find_run("pets", runs, library).record.run_id == run_id


def test_a_damaged_run_says_what_is_wrong(stores, tmp_path):
    runs, library = stores
    run = runs.create(tiny_config(tmp_path))
    (run.path / "run.json").write_text("{}")
    with pytest.raises(SightlineError, match=r"run\.json is not valid") as error:
        find_run(run.run_id, runs, library)
    assert error.value.advice == "Remove this run."
