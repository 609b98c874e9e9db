import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop_app.core.training.task.classification import ACCURACY
from desktop_app.core.training.task.metric import LOSS
from desktop_app.ui.charts.curve_plot import CurvePlot

TRAIN = [(epoch, 1 / epoch) for epoch in range(1, 11)]
VALIDATION = [(epoch, 0.5 + (epoch - 4) ** 2 / 50) for epoch in range(1, 11)]


def shown(qtbot, plot):
    qtbot.addWidget(plot)
    plot.resize(640, 360)
    plot.show()
    plot.refresh()
    return plot


@pytest.fixture
def plot(qtbot, light):
    return shown(qtbot, CurvePlot(LOSS))


@pytest.fixture
def filled(plot):
    plot.set_epochs("run", "Run", TRAIN, VALIDATION)
    plot.add_batches(np.arange(1, 101) / 10, np.full(100, 0.4))
    plot.refresh()
    return plot


def drawn(line):
    return line._curve.getData()


def view_range(plot):
    return plot._canvas.view.viewRange()


def turn_wheel(plot, modifiers=Qt.KeyboardModifier.NoModifier):
    canvas = plot._canvas
    place = QPointF(canvas.width() / 2, canvas.height() / 2)
    event = QWheelEvent(
        place,
        canvas.mapToGlobal(place),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)
    return event


def test_epochs_and_batches_are_drawn_where_they_belong(filled):
    run = filled._runs["run"]
    assert drawn(run.train)[0].tolist() == list(range(1, 11))
    assert drawn(run.validation)[1] == pytest.approx([y for _, y in VALIDATION])
    assert len(drawn(filled._batch)[0]) == 100
    (left, right), (bottom, top) = view_range(filled)
    assert left == 0
    assert 10 < right < 11
    assert bottom <= 0.1
    assert top > 1.0


def test_training_and_validation_differ_in_colour_and_in_style(filled):
    run = filled._runs["run"]
    assert run.train.colour != run.validation.colour
    assert run.train.pen.style() == Qt.PenStyle.SolidLine
    assert run.validation.pen.style() == Qt.PenStyle.CustomDashLine
    assert run.train.pen.widthF() > filled._batch.pen.widthF()


def test_the_latest_epoch_is_read_without_a_cross_hair(filled):
    assert filled.reading == "Epoch 10 · training 0.1 · validation 1.22"


def test_the_cross_hair_snaps_to_the_nearest_epoch(filled):
    filled.point_at(3.8)
    assert filled.reading == "Epoch 4 · training 0.25 · validation 0.5"
    assert filled._cross._line.value() == 4
    filled.point_at(None)
    assert not filled._cross._line.isVisible()


def test_the_cross_hair_reads_batches_in_a_close_view(filled):
    filled.show_range(3, 4)
    filled.point_at(3.31)
    assert filled.reading == "Epoch 4 at 30% · training 0.4"


def test_the_pointer_moves_the_cross_hair(filled, qtbot):
    place = filled._canvas.mapFromScene(filled._canvas.view.mapViewToScene(QPointF(5.1, 0.5)))
    with qtbot.waitSignal(filled.pointed) as told:
        qtbot.mouseMove(filled._canvas.viewport(), place)
    assert told.args[0] == pytest.approx(5.1, abs=0.1)
    assert filled.reading.startswith("Epoch 5 ")


def test_arrow_keys_read_epoch_by_epoch(filled, qtbot):
    qtbot.keyClick(filled._canvas, Qt.Key.Key_Left)
    assert filled.reading.startswith("Epoch 10 ")
    qtbot.keyClick(filled._canvas, Qt.Key.Key_Left)
    assert filled.reading.startswith("Epoch 9 ")
    qtbot.keyClick(filled._canvas, Qt.Key.Key_Escape)
    assert not filled._cross._line.isVisible()


def test_percentages_have_the_whole_scale(qtbot, light):
    plot = shown(qtbot, CurvePlot(ACCURACY))
    plot.set_epochs("run", "Run", [(1, 0.5), (2, 0.75)], [])
    plot.refresh()
    assert plot.reading == "Epoch 2 · training 75.0%"
    _, (bottom, top) = view_range(plot)
    assert bottom < 0
    assert top > 1
    ticks = [value for _, values in plot._canvas.left.tickValues(bottom, top, 300) for value in values]
    assert max(ticks) == pytest.approx(1)
    assert "100%" in plot._canvas.left.tickStrings(ticks, 1, 0.2)


def test_the_logarithmic_scale_leaves_out_what_has_no_logarithm(filled):
    filled.add_epoch("run", "Run", 11, 0.0, 1.0)
    filled.set_log(True)
    filled.refresh()
    _, ys = drawn(filled._runs["run"].train)
    assert ys[1] == pytest.approx(np.log10(0.5))
    assert np.isnan(ys[-1])
    low, high = view_range(filled)[1]
    values = [value for _, part in filled._canvas.left.tickValues(low, high, 300) for value in part]
    assert "0.1" in filled._canvas.left.tickStrings(values, 1, 1)


@pytest.mark.parametrize(("low", "high"), [(-0.01, 0.01), (-3, 3), (-30, 30), (-290, 300), (0, 0.3)])
def test_a_logarithmic_axis_has_a_few_ticks_at_every_range(plot, low, high):
    plot._canvas.left.set_log(True)
    ticks = [value for _, values in plot._canvas.left.tickValues(low, high, 300) for value in values]
    assert 2 <= len(ticks) <= 60
    assert all(low - 1e-9 <= value <= high + 1e-9 for value in ticks)


def test_smoothing_draws_the_average_before_the_raw_curve(filled):
    run = filled._runs["run"]
    filled.set_smoothing(0.6)
    filled.refresh()
    assert drawn(run.train)[1][-1] > TRAIN[-1][1]
    assert run.train._ghost.getData()[1][-1] == TRAIN[-1][1]
    assert filled.reading.startswith("Epoch 10 · training 0.1 ")
    filled.set_smoothing(0)
    filled.refresh()
    assert drawn(run.train)[1][-1] == TRAIN[-1][1]


def test_the_best_epoch_is_marked(filled):
    filled.mark_best(4)
    filled.refresh()
    mark = filled._best_mark
    assert (mark._line.value(), mark._line.isVisible()) == (4, True)
    assert mark._star.getData()[1].tolist() == [0.5]
    filled.mark_best(None)
    filled.refresh()
    assert not mark._line.isVisible()


def test_a_zoom_stays_while_points_come_until_it_is_reset(filled, qtbot):
    with qtbot.waitSignal(filled.range_chosen):
        qtbot.keyClick(filled._canvas, Qt.Key.Key_Plus)
    zoomed = view_range(filled)[0]
    filled.add_epoch("run", "Run", 20, 0.05, 1.0)
    filled.refresh()
    assert view_range(filled)[0] == zoomed
    with qtbot.waitSignal(filled.view_reset):
        qtbot.keyClick(filled._canvas, Qt.Key.Key_Home)
    filled.refresh()
    assert view_range(filled)[0][1] > 20


def test_the_wheel_zooms_with_the_focus_or_ctrl_and_else_leaves_the_page_alone(filled):
    before = view_range(filled)[0]
    filled._canvas.clearFocus()
    assert not turn_wheel(filled).isAccepted()
    assert view_range(filled)[0] == before
    turn_wheel(filled, Qt.KeyboardModifier.ControlModifier)
    assert np.ptp(view_range(filled)[0]) < np.ptp(before)


def test_a_drag_zooms_into_a_rectangle_and_a_double_click_resets(filled, qtbot):
    viewport, canvas = filled._canvas.viewport(), filled._canvas
    corners = [
        canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(*point))) for point in ((2, 0.8), (5, 0.3))
    ]
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=corners[0])
    for part in (0.3, 0.6, 1.0):
        way = corners[0] + (corners[1] - corners[0]) * part
        qtbot.mouseMove(viewport, way)
    with qtbot.waitSignal(filled.range_chosen):
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=corners[1])
    assert view_range(filled)[0] == pytest.approx([2, 5], abs=0.1)
    assert view_range(filled)[1] == pytest.approx([0.3, 0.8], abs=0.1)
    filled._on_reset_requested()
    filled.refresh()
    assert view_range(filled)[0][0] == 0


def test_several_runs_have_a_colour_each(plot):
    for number, name in enumerate(("first", "second", "<b>third</b>")):
        plot.set_epochs(name, name, [(1, 1.0), (2, number)], [(1, 1.0)])
    plot.refresh()
    assert len({run.train.colour.name() for run in plot._runs.values()}) == 3
    assert plot._legend.names == ("first", "second", "<b>third</b>", "Validation")
    assert "first 0" in plot.reading


def test_the_figures_of_several_runs_stand_behind_their_colours(plot):
    for number, name in enumerate(("a name that is long", "another name that is long")):
        plot.set_epochs(name, name, [(1, 1.0), (2, 0.25)], [], 3 * number)
    plot.refresh()
    words = plot._reading._words
    assert [word.figure for word in words[1:]] == ["0.25", "0.25"]
    assert [word.colour for word in words[1:]] == [run.train.colour for run in plot._runs.values()]
    image = plot._reading.grab().toImage()
    seen = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert {run.train.colour.name() for run in plot._runs.values()} <= seen


def test_marks_stand_on_the_curve_that_is_drawn(filled):
    filled.set_smoothing(0.9)
    filled.mark_best(4)
    filled.point_at(4.0)
    filled.refresh()
    there = drawn(filled._runs["run"].validation)[1][3]
    assert filled._best_mark._star.getData()[1].tolist() == [there]
    assert there in filled._cross._rings.getData()[1]
    assert filled.reading.endswith("validation 0.5")  # the figure, not the average


def test_dots_at_both_ends_are_seen_whole(plot):
    plot.set_epochs("run", "Run", TRAIN, [])
    plot.refresh()
    (left, right), _ = view_range(plot)
    assert left < 1
    assert right > 10


def test_one_epoch_alone_stands_between_whole_epochs(plot):
    plot.set_epochs("run", "Run", [(1, 0.5)], [(1, 0.6)])
    plot.refresh()
    assert view_range(plot)[0] == [0, 2]
    assert all(spacing >= 1 for spacing, _ in plot._canvas.bottom.tickSpacing(0, 1.02, 400))


def test_the_legend_never_lies_on_the_curves_and_takes_the_lines_that_it_needs(plot):
    for name in ("photographs of cats", "photographs of dogs", "photographs of owls"):
        plot.set_epochs(name, name, TRAIN, [])
    for width, lines in ((900, 1), (320, 3)):
        plot.resize(width, 360)
        plot.refresh()
        QCoreApplication.processEvents()
        legend = plot._legend
        assert len({place.top() for place in legend.places()}) == lines
        assert all(place.right() <= legend.width() for place in legend.places())
        assert legend.geometry().bottom() < plot._canvas.geometry().top()


def test_the_words_of_the_mark_lie_above_the_curves(filled):
    before = view_range(filled)[1][1]
    filled.mark_best(3)
    filled.refresh()
    assert view_range(filled)[1][1] > before


def test_lines_across_the_plot_are_few(plot):
    assert len(plot._canvas.left.tickValues(0.0, 1.4, 400)) == 2


def test_thin_lines_are_stronger_on_a_dark_ground(filled, light):
    opacity = []
    for theme in ("light", "dark"):
        light.apply(theme)
        filled.refresh()
        opacity.append(filled._batch._curve.opts["pen"].color().alpha())
    assert opacity[0] < opacity[1] < 255


def test_nothing_is_left_of_a_run_after_clearing(filled):
    items = len(filled._canvas.view.childGroup.childItems())
    filled.mark_best(3)
    filled.clear()
    filled.refresh()
    assert filled.reading == ""
    assert len(filled._canvas.view.childGroup.childItems()) == items - 6
    assert not filled._best_mark._line.isVisible()
    assert not filled._legend.isVisible()


def test_what_is_not_a_number_is_said_and_breaks_nothing(plot):
    plot.add_epoch("run", "Run", 1, float("nan"), float("inf"))
    plot.add_batch(0.5, float("nan"))
    plot.refresh()
    assert plot.reading == "Epoch 1 · training none · validation none"


def test_points_are_drawn_at_most_every_fifty_milliseconds(filled, monkeypatch, qtbot):
    drawings = []
    monkeypatch.setattr(type(filled._batch), "draw", lambda *_, **__: drawings.append(1) or np.empty(0))
    filled._timer.stop()
    for number in range(500):
        filled.add_batch(11 + number, 1.0)
    assert not drawings
    with qtbot.waitSignal(filled._timer.timeout):
        pass
    assert len(drawings) == 3  # each curve once


def test_a_hidden_plot_does_not_draw_until_it_is_shown(qtbot, light):
    plot = CurvePlot(LOSS)
    qtbot.addWidget(plot)
    plot.add_batch(1, 1)
    assert not plot._timer.isActive()
    plot.show()
    assert plot._timer.isActive()
    plot.refresh()


def test_the_theme_changes_the_colours_at_once(filled, qapp, light):
    before = filled._runs["run"].train.colour.name()
    light.apply("dark")
    QApplication.processEvents()
    assert filled._runs["run"].train.colour.name() != before
    assert filled._canvas.backgroundBrush().color() == QColor(light.tokens.surface)


def test_the_menu_has_our_words_only(filled):
    assert [action.text() for action in filled.actions()] == ["Reset view"]
    assert filled.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    assert filled._canvas.view.menu is None


def test_a_million_points_are_drawn_as_few(plot):
    plot.add_batches(np.arange(1, 1_000_001) / 1000, np.random.default_rng(0).normal(size=1_000_000))
    plot.refresh()
    assert len(drawn(plot._batch)[0]) < 4000


def test_one_wild_figure_does_not_flatten_the_others(plot):
    figures = np.full(400, 0.5) + np.random.default_rng(0).normal(0, 0.05, 400)
    figures[0] = 90
    plot.add_batches(np.arange(1, 401) / 20, figures)
    plot.refresh()
    assert view_range(plot)[1][1] < 2


@pytest.mark.parametrize("reason", list(QContextMenuEvent.Reason)[:2])
def test_a_right_click_and_the_menu_key_reach_the_menu(filled, qtbot, reason):
    asked = []

    class Watch(QObject):
        def eventFilter(self, _watched, event):
            if event.type() != QEvent.Type.ContextMenu:
                return False
            asked.append(event.reason())
            return True

    watch = Watch()
    filled.installEventFilter(watch)
    viewport = filled._canvas.viewport()
    event = QContextMenuEvent(reason, QPoint(200, 150), viewport.mapToGlobal(QPoint(200, 150)))
    QApplication.sendEvent(viewport, event)
    assert asked == [reason]
