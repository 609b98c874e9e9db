from desktop_app.core.foundation import paths


def test_every_icon_file_is_used_and_every_used_icon_is_a_file():
    folder = paths.resources() / "icons"
    files = {path.stem for path in folder.glob("*.svg")} - {"sightline"}
    package = paths.resources().parent / "desktop_app" / "ui"
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    assert {name for name in files if f'"{name}"' not in code} == set()


def test_menus_hold_every_action(window):
    menus = [action.menu() for action in window.menuBar().actions()]
    held = {action.text() for menu in menus for action in menu.actions()}
    for name in ("open", "open_folder", "paste", "save", "quit", "copy", "clear", "preferences", "about"):
        assert getattr(window._actions, name).text() in held
