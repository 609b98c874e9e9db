import pytest
from PySide6.QtGui import QFontMetrics

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.task.classification import CLASSIFICATION
from desktop_app.ui.charts.sparkline import headline_figures, thinned
from desktop_app.ui.runs.run_delegate import _fitting
from desktop_app.ui.runs.run_words import facts, figures, moment, settings, tone
from tests.core.training.epochs import epoch as made_epoch
from tests.ui.fake_training import config, metrics, run


def test_a_stamp_that_is_none_is_nothing():
    assert moment("") == ""
    assert moment("yesterday") == ""
    assert moment("2026-05-04T09:30:00+00:00").startswith(("3 May 2026", "4 May 2026", "5 May 2026"))


def test_figures_that_are_not_known_are_left_out():
    assert figures(run(state="failed", epochs=0)) == ("", "")
    assert figures(run()) == ("test 78.3%", "validation 78.5%")
    assert figures(run(state="failed")) == ("", "validation 78.5%")


@pytest.mark.parametrize(
    ("state", "colour"),
    [("running", "accent"), ("failed", "danger"), ("interrupted", "warning"), ("finished", "muted")],
)
def test_states_have_their_colours(state, colour):
    assert tone(run(state=state)) == colour
    assert tone(run(state=state, problem="It is damaged.")) == "danger"


def test_facts_name_what_is_known_only():
    known = dict(facts(run()))
    assert known["Pictures"] == "480 training, 120 validation, 60 test"
    assert "Model" not in dict(facts(run(state="failed")))
    assert [word for word, _ in facts(run(problem="It is damaged."))] == ["Folder"]


def test_unbalanced_runs_are_listed_by_the_balanced_accuracy():
    measured = {"balanced_accuracy": 0.5, "macro_f1": 0.494, "accuracy": 0.976}
    known = {f"{split}_{name}": value for split in ("val", "test") for name, value in measured.items()}
    unbalanced = run(unbalanced=True, metrics=known, best_epoch=2)
    assert figures(unbalanced) == ("test 50.0% balanced", "validation 50.0% balanced")
    shown = dict(facts(unbalanced))
    assert shown["Validation"] == "50.0% balanced in epoch 2, accuracy 97.6%, macro F1 49.4%"
    assert shown["Test"] == "50.0% balanced, accuracy 97.6%, macro F1 49.4%"
    assert dict(facts(run(metrics=known)))["Test"] == "97.6%, balanced accuracy 50.0%, macro F1 49.4%"


def test_many_classes_are_counted_and_the_first_named():
    known = dict(facts(run(classes=tuple(f"c{number}" for number in range(1000)))))
    assert known["Classes"].startswith("1,000: c0, c1")
    assert known["Classes"].endswith("988 more")


def test_the_settings_that_the_recipe_uses_are_listed():
    assert len(settings(run())) == len(catalogue.get("cats-dogs-cnn").uses)
    assert dict(settings(run()))["Mirror"] == "off"
    assert settings(run(problem="It is damaged.")) == []


def test_long_histories_are_thinned_with_both_ends_kept():
    values = [float(number) for number in range(10_000)]
    shown = thinned(values)
    assert len(shown) < 100
    assert (shown[0], shown[-1]) == (0.0, 9999.0)
    assert thinned([0.5]) == [0.5]


def test_the_small_curve_is_of_the_validation_split_where_there_is_one():
    history = (metrics(1), metrics(2))
    assert headline_figures(history, CLASSIFICATION) == [epoch["val_accuracy"] for epoch in history]
    alone = [made_epoch(1, accuracy=0.5), made_epoch(2, accuracy=0.6, val_accuracy=0.7)]
    assert headline_figures(alone, CLASSIFICATION) == [0.5, 0.6]


def test_a_figure_is_written_as_far_as_there_is_room(qapp):
    metrics = QFontMetrics(qapp.font())
    figure = "test 78.3%"
    short = "78.3%"
    room = metrics.horizontalAdvance(figure)
    assert _fitting(figure, metrics, room) == figure
    assert _fitting(figure, metrics, room - 1) == short
    assert _fitting(figure, metrics, metrics.horizontalAdvance(short) - 1) == ""
    assert _fitting("", metrics, 100) == ""
    forms = ("test 50.0% balanced", "50.0% balanced", "50.0%")
    rooms = [metrics.horizontalAdvance(form) for form in forms]
    assert tuple(_fitting(forms[0], metrics, room) for room in rooms) == forms


def test_how_the_data_were_read_is_among_the_facts():
    planned = config().model_copy(update={"answers": Answers(classes_at=2, masks=False)})
    assert dict(facts(run(config=planned)))["Read as"] == "Classes are 2 levels down; Masks are not used"
    assert "Read as" not in dict(facts(run()))
