import pytest

from desktop_app.core.datasets.examine.files import Place, find_files
from desktop_app.core.datasets.examine.findings import Findings
from desktop_app.core.datasets.layout.layout import ClassFolder, LabeledPicture, Layout
from desktop_app.core.datasets.throttle import Throttle
from desktop_app.core.foundation.cancellation import NEVER


@pytest.fixture
def files_of():
    def find(layout):
        findings = Findings(layout.classes)
        files, places = find_files(layout, findings, NEVER, Throttle(lambda _progress: None))
        return [path.relative_to(layout.folder).as_posix() for path in files], places

    return find


def test_labeled_pictures_are_listed_among_those_of_their_class_folders(tmp_path, files_of):
    for name in ("cats/2.jpg", "dogs/1.jpg", "all/10.jpg", "all/9.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    folders = tuple(ClassFolder(tmp_path / name, label, None) for label, name in enumerate(("cats", "dogs")))
    labeled = (
        LabeledPicture(tmp_path / "all" / "10.jpg", 0, None),
        LabeledPicture(tmp_path / "all" / "9.jpg", 0, "test"),
    )

    files, places = files_of(Layout(tmp_path, ("cats", "dogs"), folders, (), pictures=labeled))

    assert files == ["all/9.jpg", "all/10.jpg", "cats/2.jpg", "dogs/1.jpg"]
    assert places == [Place(0, "test"), Place(0, None), Place(0, None), Place(1, None)]
