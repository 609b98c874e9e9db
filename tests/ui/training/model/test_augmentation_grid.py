from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.training.recipes import catalogue
from desktop_app.ui.training.model.augmentation_grid import AugmentationGrid
from desktop_app.workers.training.messages import AugmentationPreview
from tests.ui.fake_training import FakeTraining, report

COLOURED = catalogue.get("resnet-small")
MIRROR = AugmentationSettings(flip=True)


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def grid(qtbot, light, service):
    result = AugmentationGrid(service)
    qtbot.addWidget(result)
    result.resize(400, 400)
    return result


def requests(service):
    return [request for (request,) in service.called("preview_augmentation")]


def test_nothing_is_asked_for_while_nobody_can_see_it(grid, service, qtbot):
    grid.show_data(report())
    grid.show_settings(64, COLOURED, MIRROR)
    assert not grid._timer.isActive()
    grid.show()
    qtbot.waitUntil(lambda: len(requests(service)) == 1)
    (request,) = requests(service)
    assert (request.size, request.channels, request.settings) == (64, 3, MIRROR)


def test_pictures_are_fitted_as_the_recipe_says(grid, service, qtbot):
    grid.show_data(report())
    grid.show_settings(64, COLOURED, MIRROR)
    grid.show()
    qtbot.waitUntil(lambda: len(requests(service)) == 1)
    grid.show_settings(64, replace(COLOURED, fit="crop", crop_share=0.875), MIRROR)
    qtbot.waitUntil(lambda: len(requests(service)) == 2)
    assert [(request.fit, request.crop_share) for request in requests(service)] == [
        ("squash", 1.0),
        ("crop", 0.875),
    ]


def test_a_dozen_pictures_come_from_all_classes(grid, service, qtbot):
    data = report(count=40)
    grid.show_data(data)
    grid.show_settings(64, COLOURED, MIRROR)
    grid.show()
    qtbot.waitUntil(lambda: bool(requests(service)))
    paths = requests(service)[0].paths
    assert len(set(paths)) == len(paths) == 12
    assert {path.parent.name for path in paths} == {"cats", "dogs"}


def test_few_pictures_are_all_shown(grid, service, qtbot):
    data = report(count=2)
    grid.show_data(data)
    grid.show_settings(64, COLOURED, MIRROR)
    grid.show()
    qtbot.waitUntil(lambda: bool(requests(service)))
    assert set(requests(service)[0].paths) == {example.path for example in data.examples}


def test_a_moving_slider_is_followed_without_asking_for_every_step(grid, service, qtbot):
    grid.show_data(report())
    grid.show()
    for step in range(1, 51):
        grid.show_settings(64, COLOURED, AugmentationSettings(zoom=step / 100))
    qtbot.waitUntil(lambda: bool(requests(service)))
    assert [request.settings.zoom for request in requests(service)] == [0.5]


def test_shuffle_asks_with_another_seed(grid, service, qtbot):
    grid.show_data(report())
    grid.show_settings(64, COLOURED, MIRROR)
    grid.show()
    qtbot.waitUntil(lambda: len(requests(service)) == 1)
    grid._on_shuffle_clicked()
    qtbot.waitUntil(lambda: len(requests(service)) == 2)
    assert requests(service)[0].seed != requests(service)[1].seed


def test_the_same_again_is_not_asked_for(grid, service, qtbot):
    grid.show_data(report())
    grid.show_settings(64, COLOURED, MIRROR)
    grid.show()
    qtbot.waitUntil(lambda: len(requests(service)) == 1)
    grid.show_settings(64, COLOURED, MIRROR)
    qtbot.waitUntil(lambda: not grid._timer.isActive())
    assert len(requests(service)) == 1


def test_the_answer_is_drawn_and_one_for_other_pictures_is_not(grid, service, qtbot):
    grid.show_data(report())
    grid.show_settings(8, COLOURED, MIRROR)
    grid.show()
    qtbot.waitUntil(lambda: len(requests(service)) == 1)
    (request,) = requests(service)
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 255
    service.augmentation_ready.emit(AugmentationPreview(request, (red,) * 5))
    assert len(grid._pictures._images) == 5
    assert grid._pictures.grab().toImage().pixelColor(20, 20).name() == "#ff0000"
    grid.show_data(report(count=9))
    service.augmentation_ready.emit(AugmentationPreview(request, (red,)))
    assert len(grid._pictures._images) == 0


def test_pictures_are_read_as_it_was_decided(grid, service, qtbot):
    reading = PixelReading(black=0, white=4095)
    grid.show_data(report(answers=Answers(pixels=reading)))
    grid.show_settings(64, COLOURED, MIRROR)
    grid.show()
    qtbot.waitUntil(lambda: len(requests(service)) == 1)
    assert requests(service)[0].reading == reading
