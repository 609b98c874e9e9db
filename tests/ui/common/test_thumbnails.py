from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.images.sources import ReadPicture
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.workers.threads.thumbnails import PictureThumbnail
from tests.ui.fake_training import PETS, FakeTraining

CAT, DOG = PETS / "cats" / "1.jpg", PETS / "dogs" / "1.jpg"


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def thumbnails(service):
    return Thumbnails(service)


def look(qapp, thumbnails, *paths):
    found = [thumbnails.of(path) for path in paths]
    qapp.processEvents()
    return found


def test_what_is_looked_at_is_asked_for_together_and_once(qapp, service, thumbnails):
    for _twice in range(2):
        look(qapp, thumbnails, CAT, DOG)
    assert service.called("request_thumbnails") == [((CAT, DOG),)]


def test_a_thumbnail_that_has_come_is_kept(qapp, service, thumbnails):
    look(qapp, thumbnails, CAT)
    service.thumbnail_ready.emit(PictureThumbnail(CAT, np.zeros((6, 8, 3), np.uint8)))
    (picture,) = look(qapp, thumbnails, CAT)
    assert (picture.width(), picture.height()) == (8, 6)


def test_those_that_other_data_gave_up_are_asked_for_again(qapp, service, thumbnails):
    look(qapp, thumbnails, CAT, DOG)
    service.thumbnail_ready.emit(PictureThumbnail(CAT, np.zeros((6, 8, 3), np.uint8)))
    service.scan_started.emit(PETS)
    look(qapp, thumbnails, CAT, DOG)
    assert service.called("request_thumbnails") == [((CAT, DOG),), ((DOG,),)]


def test_another_reading_is_another_picture(qapp, service, thumbnails):
    look(qapp, thumbnails, CAT)
    thumbnails.reading = PixelReading(plane="maximum")
    look(qapp, thumbnails, CAT)
    wish = ReadPicture(CAT, thumbnails.reading)
    arrived = []
    thumbnails.arrived.connect(arrived.append)
    service.thumbnail_ready.emit(PictureThumbnail(wish, np.zeros((6, 8, 3), np.uint8)))
    assert service.called("request_thumbnails") == [((CAT,),), ((wish,),)]
    assert arrived == [CAT]
    assert thumbnails.of(CAT).width() == 8
    assert thumbnails.of(CAT, AS_STORED) is None
