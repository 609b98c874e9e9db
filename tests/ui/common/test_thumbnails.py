from __future__ import annotations

import numpy as np
import pytest

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
