"""Pictures come by mouse and by Ctrl+V, from another program, into the real window."""

from __future__ import annotations

import shutil

import pytest

from tests.servers import respond

pytestmark = [pytest.mark.display, pytest.mark.engine]


@pytest.fixture(scope="module")
def app(desk, make_home):
    return desk.open(home=make_home())


@pytest.fixture(autouse=True)
def empty_window(desk, app):
    """Begin each test without pictures."""
    desk.press("ctrl+shift+BackSpace")


@pytest.fixture
def web(serve, pictures):
    """A server with the pictures, and a page at every other path."""

    def handle(request):
        picture = pictures.get(request.path.strip("/").removesuffix(".png"))
        if picture is None:
            respond(request, b"<html>A page</html>", headers={"Content-Type": "text/html"})
        else:
            respond(request, picture.read_bytes(), headers={"Content-Type": "image/png"})

    return serve(handle)


def test_a_file_is_dragged(desk, pictures):
    assert desk.drag(urls=[pictures["green"].as_uri()]) == "CopyAction"
    assert desk.label() == "green"


def test_files_and_a_folder_are_dragged_together(desk, app, pictures, tmp_path):
    inside = tmp_path / "holiday" / "beach"
    inside.mkdir(parents=True)
    shutil.copy(pictures["blue"], inside / "1.png")
    shutil.copy(pictures["green"], inside / "2.png")
    dragged = [pictures["red"], tmp_path / "holiday", pictures["green"]]
    desk.drag(urls=[path.as_uri() for path in dragged])
    assert desk.labels(2) == ["red", "green"]  # files first

    def next_is_blue():
        desk.press("Right")
        return desk.label() == "blue"

    app.wait_until(next_is_blue, "the first picture of the folder, which is searched meanwhile")
    assert desk.labels(3) == ["blue", "green", "green"]  # 3rd: no further one


def test_a_drag_that_would_move_the_file_away_copies_it(desk, pictures):
    assert desk.drag(urls=[pictures["blue"].as_uri()], proposed="MoveAction") == "CopyAction"
    assert desk.label() == "blue"
    assert pictures["blue"].exists()


def test_a_link_is_dragged(desk, web):
    desk.drag(urls=[f"{web.url}/red.png"], text=f"{web.url}/red.png")
    assert desk.label() == "red"
    assert [path for _, path, _ in web.requests] == ["/red.png"]


def test_a_picture_is_dragged_out_of_a_browser(desk, web):
    """A picture that is a link to a page, as in a list of search results: the picture is meant."""
    page, picture = f"{web.url}/page", f"{web.url}/blue.png"
    html = f'<a href="{page}"><img alt="sea" src="{picture}"></a>'
    desk.drag(urls=[page], text=page, html=html)
    assert desk.label() == "blue"
    assert [path for _, path, _ in web.requests] == ["/blue.png"]


def test_what_holds_no_picture_is_not_taken(desk, pictures):
    desk.drag(urls=[pictures["red"].as_uri()])
    desk.drag_in_vain(text="just some words")
    assert desk.labels(2) == ["red", "red"]


def test_a_picture_is_pasted(desk, pictures):
    desk.paste(image=str(pictures["green"]))
    assert desk.label() == "green"


def test_files_are_pasted(desk, pictures):
    desk.paste(urls=[pictures["blue"].as_uri(), pictures["red"].as_uri()])
    assert desk.labels(2) == ["blue", "red"]


@pytest.mark.parametrize("kind", ["link", "path"])
def test_text_is_pasted(desk, web, pictures, kind):
    desk.paste(text=f"{web.url}/red.png" if kind == "link" else str(pictures["red"]))
    assert desk.label() == "red"


def test_a_broken_picture_says_why_and_the_others_are_answered(desk, pictures, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(pictures["red"].read_bytes()[:60])
    desk.drag(urls=[broken.as_uri(), pictures["green"].as_uri()])
    reason = desk.answer()
    assert reason.startswith(f"{broken}: ")
    assert "the rest of the file is missing" in reason
    desk.press("Right")
    assert desk.label() == "green"


def test_a_link_to_a_page_says_why(desk, web):
    desk.paste(text=f"{web.url}/page")
    assert desk.answer().startswith(f"{web.url}/page: ")


def test_keys_walk_through_the_filmstrip(desk, pictures):
    desk.drag(urls=[pictures[name].as_uri() for name in ("red", "green", "blue")])
    walk = []
    for key in ("Right", "Right", "Left", "Left", "Left"):
        desk.press(key)
        walk.append(desk.label())
    assert walk == ["green", "blue", "green", "red", "red"]
