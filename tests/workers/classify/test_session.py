from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.sources import FileSource, LinkSource, PixelSource
from desktop_app.core.inference.choice import AnsweredBy, EngineChoice
from desktop_app.workers.classify.fetched_links import FetchedLinks
from desktop_app.workers.classify.messages import ItemState, ModelPhase
from desktop_app.workers.classify.waiting import FILES_UNDER_WAY
from tests.servers import respond

TIMEOUT = 10_000

BY = AnsweredBy("openvino", "float32", "CPU (test)")
"""What the models of these tests say of themselves."""


def all_finished(session, count):
    def check():
        items = session.items()
        assert len(items) == count
        assert all(item.state is not ItemState.WAITING for item in items)

    return check


def test_answers_files_in_the_order_in_which_they_came(qtbot, session, picture):
    colours = {"red": (200, 0, 0), "green": (0, 200, 0), "blue": (0, 0, 200)}
    session.set_model("everyday")
    session.add([FileSource(picture(f"{name}.png", colour)) for name, colour in colours.items()])
    qtbot.waitUntil(all_finished(session, 3), timeout=TIMEOUT)
    answers = [item.answer for item in session.items()]
    assert [answer.prediction.top.label for answer in answers] == list(colours)
    assert answers[0].model_id == "everyday"
    assert answers[0].by == BY
    assert answers[0].seconds > 0


def test_a_picture_dropped_while_the_model_loads_waits_and_is_answered(qtbot, session, picture, gate):
    gate.clear()
    session.set_model("everyday")
    session.add([FileSource(picture())])
    with qtbot.waitSignal(session.model_changed, timeout=TIMEOUT):
        pass
    assert session.items()[0].state is ItemState.WAITING
    gate.set()
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    assert session.items()[0].answer.prediction.top.label == "red"


def until_ready(qtbot, session, model_id):
    """Choose a model and wait until it can answer."""
    session.set_model(model_id)
    qtbot.waitUntil(
        lambda: (session.model_status.model_id, session.model_status.phase) == (model_id, ModelPhase.READY),
        timeout=TIMEOUT,
    )


def test_going_back_and_forth_between_models_loads_each_once(qtbot, session, loaded):
    for model_id in ("everyday", "other", "everyday", "everyday", "other"):
        until_ready(qtbot, session, model_id)
    assert loaded == ["everyday", "other"]


def test_a_forgotten_model_is_loaded_anew_when_it_is_chosen(qtbot, session, loaded):
    until_ready(qtbot, session, "everyday")
    session.forget_model("everyday")
    until_ready(qtbot, session, "everyday")
    assert loaded == ["everyday", "everyday"]


def test_the_chosen_model_is_in_use_and_the_one_before_is_not(qtbot, session, pool, loaded, monkeypatch):
    monkeypatch.setattr("desktop_app.core.classify.pool.SMALL_BYTES", 0)
    monkeypatch.setattr(type(pool.library), "bytes", 10)
    monkeypatch.setattr(pool, "_free", lambda: 1)
    for model_id in ("everyday", "everyday", "other"):
        until_ready(qtbot, session, model_id)
        assert [each for each in ("everyday", "other") if pool.is_loaded(each)] == [model_id]
    assert loaded == ["everyday", "other"]


def test_another_model_can_be_chosen_while_somebody_else_loads_the_first(qtbot, session, pool, picture, gate):
    gate.clear()
    with ThreadPoolExecutor(1) as threads:
        elsewhere = threads.submit(pool.acquire, "other")
        qtbot.waitUntil(lambda: pool.is_loading("other"), timeout=TIMEOUT)
        session.set_model("other")
        qtbot.waitUntil(lambda: "Loading Other" in session.model_status.message, timeout=TIMEOUT)
        session.set_model("everyday")
        qtbot.waitUntil(lambda: pool.is_loading("everyday"), timeout=TIMEOUT)  # "other" is still being loaded
        gate.set()
        elsewhere.result(60).release()
    session.add([FileSource(picture())])
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    assert session.items()[0].answer.model_id == "everyday"


def test_a_bad_file_fails_with_its_reason_and_the_rest_is_answered(qtbot, session, picture, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"")
    session.set_model("everyday")
    session.add([FileSource(bad), FileSource(picture()), FileSource(tmp_path / "vanished.png")])
    qtbot.waitUntil(all_finished(session, 3), timeout=TIMEOUT)
    states = [item.state for item in session.items()]
    assert states == [ItemState.FAILED, ItemState.ANSWERED, ItemState.FAILED]
    assert session.items()[0].reason
    assert session.items()[2].reason


def test_a_folder_is_searched_and_an_empty_one_is_said(qtbot, session, picture, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(25):
        picture(f"{number}.png", folder=folder)
    session.set_model("everyday")
    session.add([FileSource(folder)])
    qtbot.waitUntil(all_finished(session, 25), timeout=TIMEOUT)
    names = [item.source.path.name for item in session.items()]
    assert names == [f"{number}.png" for number in range(25)]
    empty = tmp_path / "empty"
    empty.mkdir()
    with qtbot.waitSignal(session.message, timeout=TIMEOUT) as said:
        session.add([FileSource(empty)])
    assert said.args[0].startswith("No pictures in 'empty'.")


def test_progress_counts_up_and_returns_to_nought(qtbot, session, picture):
    seen = []
    session.progress_changed.connect(lambda done, total: seen.append((done, total)))
    session.set_model("everyday")
    session.add([FileSource(picture(f"{number}.png")) for number in range(3)])
    qtbot.waitUntil(lambda: (2, 3) in seen and seen[-1] == (0, 0), timeout=TIMEOUT)


def test_changing_the_model_answers_the_shown_picture_again(qtbot, session, picture):
    session.set_model("everyday")
    session.add([FileSource(picture()), FileSource(picture("b.png"))])
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    session.set_model("other", again=1)
    assert session.item(1).state is ItemState.WAITING
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    assert [item.answer.model_id for item in session.items()] == ["other", "everyday"]


def test_changing_the_model_twice_while_pictures_wait_loses_none(qtbot, session, picture, gate):
    gate.clear()
    session.set_model("everyday")
    session.add([FileSource(picture(f"{number}.png")) for number in range(20)])
    session.set_model("other")
    session.set_model("everyday")
    session.set_model("other")
    gate.set()
    qtbot.waitUntil(all_finished(session, 20), timeout=TIMEOUT)
    assert {item.answer.model_id for item in session.items()} == {"other"}


def test_a_broken_model_is_said_and_pictures_wait_for_another(qtbot, session, picture):
    session.add([FileSource(picture())])
    session.set_model("broken")
    qtbot.waitUntil(lambda: session.model_status.phase is ModelPhase.FAILED, timeout=TIMEOUT)
    assert session.model_status.reason.text == "The model is broken."
    assert session.items()[0].state is ItemState.WAITING
    session.set_model("everyday")
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)


def test_an_unknown_model_is_said(qtbot, session):
    session.set_model("gone")
    qtbot.waitUntil(lambda: session.model_status.phase is ModelPhase.FAILED, timeout=TIMEOUT)
    assert "no model gone" in session.model_status.reason.text


def test_cancel_gives_up_what_waits(qtbot, session, picture, gate):
    gate.clear()
    session.set_model("everyday")
    session.add([FileSource(picture(f"{number}.png")) for number in range(50)])
    session.cancel()
    qtbot.waitUntil(all_finished(session, 50), timeout=TIMEOUT)
    gate.set()
    assert {item.state for item in session.items()} == {ItemState.CANCELLED}
    session.answer_again(1)
    qtbot.waitUntil(all_finished(session, 50), timeout=TIMEOUT)
    assert session.item(1).state is ItemState.ANSWERED


def test_clear_forgets_everything_and_numbers_go_on(qtbot, session, picture):
    session.set_model("everyday")
    session.add([FileSource(picture())])
    with qtbot.waitSignal(session.items_removed) as removed:
        session.clear()
    assert removed.args[0] == (1,)
    session.add([FileSource(picture())])
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    assert session.items()[0].number == 2


def test_the_clipboard_has_no_file(qtbot, session):
    session.set_model("everyday")
    session.add([PixelSource("Clipboard", np.full((30, 50, 3), (0, 0, 250), np.uint8))])
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    assert session.items()[0].answer.prediction.top.label == "blue"
    with qtbot.waitSignal(session.preview_ready, timeout=TIMEOUT) as shown:
        session.show(1, 25)
    assert shown.args[0].pixels.shape == (15, 25, 3)
    assert (shown.args[0].width, shown.args[0].height) == (50, 30)


def test_previews_and_thumbnails_come_at_their_sizes(qtbot, session, picture):
    session.add([FileSource(picture())])
    with qtbot.waitSignals([session.preview_ready, session.thumbnail_ready], timeout=TIMEOUT):
        session.request_thumbnail(1)
        session.show(1, 1000)


def test_a_link_to_this_computer_is_refused_unless_allowed(qtbot, session, picture, serve):
    body = picture().read_bytes()
    url = serve(lambda request: respond(request, body)).url + "/red.png"
    session.set_model("everyday")
    session.add([LinkSource(url)])
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    assert session.items()[0].state is ItemState.FAILED
    session.set_options(None, allow_private_hosts=True)
    session.add([LinkSource(url)])
    session.show(2, 100)
    with qtbot.waitSignal(session.preview_ready, timeout=TIMEOUT):
        qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    assert session.item(2).answer.prediction.top.label == "red"


@pytest.mark.parametrize("name", ["results.csv", "results.json"])
def test_results_are_saved(qtbot, session, picture, tmp_path, name):
    session.set_model("everyday")
    session.add([FileSource(picture())])
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    with qtbot.waitSignal(session.message, timeout=TIMEOUT) as said:
        session.save_results(tmp_path / name, CsvStyle())
    assert said.args[0] == f"Saved 1 result to {name}."
    assert "red.png" in (tmp_path / name).read_text(encoding="utf-8")


def test_saving_to_a_folder_that_is_gone_is_said(qtbot, session, tmp_path):
    with qtbot.waitSignal(session.message, timeout=TIMEOUT) as said:
        session.save_results(tmp_path / "gone" / "results.csv", CsvStyle())
    assert "results.csv" in said.args[0]


def test_only_a_few_pictures_are_under_way_at_a_time(qtbot, session, picture, gate, monkeypatch):
    gate.clear()
    session.set_model("everyday")
    path = picture()
    session.add([FileSource(path)] * 300)
    qtbot.waitUntil(lambda: len(session._held) > 0, timeout=TIMEOUT)
    assert len(session._held) <= 6
    gate.set()
    qtbot.waitUntil(all_finished(session, 300), timeout=TIMEOUT)


@pytest.mark.parametrize("act", ["cancel", "clear"])
def test_what_a_search_found_before_it_was_given_up_stays_away(qtbot, session, picture, tmp_path, act):
    picture()
    searched = threading.Event()
    session.add([FileSource(tmp_path)])
    session._pictures.do(searched.set)
    assert searched.wait(60)  # without serving events: what was found is on its way
    getattr(session, act)()
    ends = []
    session._pictures.do(int, on_end=lambda: ends.append(True))
    qtbot.waitUntil(lambda: bool(ends), timeout=TIMEOUT)
    assert session.items() == ()


def test_a_folder_without_permission_is_listed_as_failed(qtbot, session, picture, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir()
    picture()
    original = os.scandir

    def scandir(path):
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)
    session.set_model("everyday")
    session.add([FileSource(tmp_path)])
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    states = {item.source.path.name: item.state for item in session.items()}
    assert states == {"red.png": ItemState.ANSWERED, "closed": ItemState.FAILED}


def test_names_that_the_system_refuses_fail_with_a_reason(qtbot, session, tmp_path):
    session.set_model("everyday")
    session.add([FileSource(tmp_path / ("a" * 300)), FileSource(tmp_path / "b\0c")])
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    assert all(item.state is ItemState.FAILED and item.reason for item in session.items())


def test_a_model_chosen_in_passing_is_not_loaded(qtbot, session, picture, gate):
    gate.clear()
    for model_id in ("everyday", "broken", "other"):
        session.set_model(model_id)
    said = []
    session.model_changed.connect(said.append)
    gate.set()
    qtbot.waitUntil(lambda: session.model_status.phase is ModelPhase.READY, timeout=TIMEOUT)
    assert {status.model_id for status in said} == {"other"}


def test_a_link_that_made_room_is_fetched_again_to_be_shown(qtbot, session, picture, serve, monkeypatch):
    monkeypatch.setattr(session, "_fetched", FetchedLinks(kept_bytes=1))
    body = picture().read_bytes()
    server = serve(lambda request: respond(request, body))
    session.set_options(None, allow_private_hosts=True)
    session.set_model("everyday")
    session.add([LinkSource(f"{server.url}/{number}.png") for number in range(2)])
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    with qtbot.waitSignal(session.preview_ready, timeout=TIMEOUT) as shown:
        session.show(1, 100)
    assert shown.args[0].number == 1
    assert len(server.requests) == 3


def wide(folder):
    """A picture whose centre is green and whose whole is mostly red."""
    pixels = np.full((40, 150, 3), (200, 0, 0), np.uint8)
    pixels[:, 55:95] = (0, 200, 0)
    Image.fromarray(pixels).save(folder / "wide.png")
    return FileSource(folder / "wide.png")


def tops(session):
    return [item.answer.prediction.top.label for item in session.items()]


def test_another_fit_classifies_everything_again_and_the_shown_picture_first(qtbot, session, tmp_path):
    session.set_model("everyday")
    session.add([wide(tmp_path)] * 3)
    qtbot.waitUntil(all_finished(session, 3), timeout=TIMEOUT)
    assert tops(session) == ["red"] * 3
    assert session.fitting == Fitting(32, 32, "squash", 1.0)
    assert {item.answer.fit_note for item in session.items()} == {""}
    session.show(2, 256)
    waiting, answered = [], []

    def note(item):
        (waiting if item.state is ItemState.WAITING else answered).append(item.number)

    session.item_changed.connect(note)
    session.set_options("crop", allow_private_hosts=False)
    assert all(item.answer is None for item in session.items())
    assert waiting == [1, 2, 3]
    qtbot.waitUntil(all_finished(session, 3), timeout=TIMEOUT)
    assert tops(session) == ["green"] * 3
    assert answered == [2, 1, 3]
    assert {item.answer.fit_note for item in session.items()} == {"saw the centre"}
    session.set_options(None, allow_private_hosts=False)
    qtbot.waitUntil(all_finished(session, 3), timeout=TIMEOUT)
    assert tops(session) == ["red"] * 3


def test_pictures_under_way_are_not_answered_for_the_fit_before(qtbot, session, tmp_path, gate):
    gate.clear()
    session.set_model("everyday")
    session.add([wide(tmp_path)] * 9)
    qtbot.waitUntil(lambda: len(session._held) == FILES_UNDER_WAY, timeout=TIMEOUT)
    session.set_options("crop", allow_private_hosts=False)
    gate.set()
    qtbot.waitUntil(all_finished(session, 9), timeout=TIMEOUT)
    assert tops(session) == ["green"] * 9


@pytest.mark.parametrize("private", [False, True])
def test_the_fit_that_is_in_use_already_asks_nothing_again(qtbot, session, tmp_path, private):
    session.set_model("everyday")
    session.add([wide(tmp_path)])
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    session.set_options("squash", allow_private_hosts=private)
    assert [item.state for item in session.items()] == [ItemState.ANSWERED]


def test_what_failed_or_was_cancelled_stays_so_with_another_fit(qtbot, session, tmp_path):
    session.set_model("everyday")
    (tmp_path / "bad.png").write_text("no picture")
    session.add([FileSource(tmp_path / "bad.png"), wide(tmp_path)])
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    session.set_options("both", allow_private_hosts=False)
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    assert [item.state for item in session.items()] == [ItemState.FAILED, ItemState.ANSWERED]
    assert session.items()[1].answer.fit_note == "saw the whole picture and the centre"


def test_another_engine_loads_the_model_again_and_answers_the_picture_on_the_screen_again(
    qtbot, session, picture, loaded, wished
):
    session.set_model("everyday")
    session.add([FileSource(picture()), FileSource(picture("b.png"))])
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    first, second = session.items()
    wanted = EngineChoice("tensorflow", "float32")
    session.choose_engine(wanted, again=first.number)
    assert session.items()[0].state is ItemState.WAITING
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    assert loaded == ["everyday", "everyday"]
    assert wished == [EngineChoice(), wanted]
    assert session.items()[1] is second, "it still says which engine answered"
    assert session.model_status.by == BY


def test_an_engine_chosen_before_any_model_is_taken_by_the_first(qtbot, session, wished):
    wanted = EngineChoice("automatic", "float32")
    session.choose_engine(wanted)
    until_ready(qtbot, session, "everyday")
    assert wished == [wanted]


def test_a_model_that_gets_its_pictures_in_another_way_answers_anew(qtbot, session, picture, loaded):
    until_ready(qtbot, session, "everyday")
    session.add([FileSource(picture(f"{number}.png")) for number in range(2)])
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    before = [item.answer for item in session.items()]
    session.change_input("everyday")
    assert all(item.state is ItemState.WAITING and item.answer is None for item in session.items())
    qtbot.waitUntil(all_finished(session, 2), timeout=TIMEOUT)
    assert loaded == ["everyday", "everyday"]
    assert all(item.answer is not old for item, old in zip(session.items(), before, strict=True))


def test_answers_of_other_models_stay(qtbot, session, picture, loaded):
    until_ready(qtbot, session, "everyday")
    session.add([FileSource(picture())])
    qtbot.waitUntil(all_finished(session, 1), timeout=TIMEOUT)
    session.change_input("other")
    assert session.items()[0].state is ItemState.ANSWERED
    assert loaded == ["everyday"]
