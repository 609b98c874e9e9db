from __future__ import annotations

import dataclasses

import pytest

from desktop_app.core.batch.job.errors import ClusterError
from desktop_app.core.batch.run import cluster_worker
from desktop_app.core.batch.run.cluster_worker import Question, answer_chunk, introduce, model_key
from desktop_app.core.library.store import Library
from tests.core.batch.fakes import make_folder
from tests.tiny_model import colour_card, install_colour_model

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def forgotten_models():
    cluster_worker._load.cache_clear()
    yield
    cluster_worker._load.cache_clear()


@pytest.fixture
def card(engine):
    return install_colour_model(Library.default()).card


@pytest.fixture
def pictures(tmp_path):
    folder = make_folder(tmp_path / "pictures", 7)
    return [(number + 1, folder / f"{number}.ppm") for number in range(7)]


def question(card, **changes):
    return dataclasses.replace(Question(model_key(card), "squash", 1.0, 1, 4, 2), **changes)


def test_a_chunk_is_answered_and_the_model_loaded_once(card, pictures):
    pictures[2][1].write_text("no picture")
    pictures[4][1].unlink()
    for _ in range(2):
        answer = answer_chunk(question(card), pictures)
    assert [outcome.number for outcome in answer.outcomes] == [1, 2, 3, 4, 5, 6, 7]
    assert [list(outcome.classes) for outcome in answer.outcomes] == [[0], [1], [], [0], [], [2], [0]]
    assert answer.unseen == {5}
    assert answer.seconds > 0
    assert answer.computer
    assert cluster_worker._load.cache_info().misses == 1


def test_other_weights_of_the_same_name_are_refused(card, pictures):
    with pytest.raises(ClusterError, match="has other weights for the model Colours") as raised:
        answer_chunk(question(card.changed(weights_sha256="f" * 64)), pictures)
    assert "sightline models export colours" in raised.value.advice


def test_another_card_is_refused_where_it_would_answer_differently(card, pictures):
    calibration = card.calibration.model_copy(update={"temperature": 2.0})
    other = question(card.changed(calibration=calibration))
    with pytest.raises(ClusterError, match="has another card for the model Colours"):
        answer_chunk(other, pictures)
    assert answer_chunk(question(card.changed(description="Nicer words.")), pictures).outcomes


def test_a_model_that_is_not_there_is_named(pictures, engine):
    with pytest.raises(ClusterError, match=r"The worker on .* cannot classify: There is no model 'colours'"):
        answer_chunk(question(colour_card()), pictures)


def test_another_version_is_refused(card, pictures):
    with pytest.raises(ClusterError, match=r"The worker on .* has Sightline .*, this computer 99\.0"):
        answer_chunk(question(card, version="99.0"), pictures)


def test_a_worker_says_which_folders_it_does_not_see(tmp_path):
    gone = str(tmp_path / "gone")
    assert introduce([str(tmp_path), gone]).missing == (gone,)
