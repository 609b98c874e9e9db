import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, LinkError, UnreadableImage
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.resize import resize
from desktop_app.core.images.load import bring_here, load_fitted, load_preview, load_source
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, PixelSource
from tests.core.images.samples import encode, picture, reduced, scene
from tests.servers import respond

PHOTO = encode(picture(height=300, width=400), "PNG")


@pytest.fixture
def sources(tmp_path, serve):
    path = tmp_path / "photo.png"
    path.write_bytes(PHOTO)
    server = serve(lambda request: respond(request, PHOTO, headers={"Content-Type": "image/png"}))
    return [
        FileSource(path),
        LinkSource(f"{server.url}/photo.png"),
        DataSource("dragged", PHOTO),
        PixelSource("pasted", scene(300, 400)),
    ]


def test_every_kind_of_source_is_loaded(sources):
    for source in sources:
        assert np.array_equal(load_source(source, allow_private_hosts=True), scene(300, 400))


def test_every_kind_of_source_is_fitted(sources):
    for source in sources:
        fitted = load_fitted(source, Fitting(20, 30, "crop"), allow_private_hosts=True)
        assert np.array_equal(fitted, resize(scene(300, 400), 20, 30, "crop"))


def test_every_kind_of_source_has_a_preview(sources):
    for source in sources:
        pixels, size = load_preview(source, 100, allow_private_hosts=True)
        assert pixels.shape == (75, 100, 3)
        assert size == (400, 300)


def test_a_reduced_jpeg():
    photo = encode(picture(height=1600, width=1600), "JPEG")

    fitted = load_fitted(DataSource("photo", photo), Fitting(224, 224, "squash"))

    assert np.array_equal(
        fitted, resize(load_source(DataSource("half", reduced(photo, 2))), 224, 224, "squash")
    )


def test_pixels_become_contiguous():
    source = PixelSource("pasted", scene()[::-1, ::-1])

    assert load_source(source).flags.c_contiguous
    assert load_preview(source, 1000)[0].flags.c_contiguous


def test_a_link_is_fetched_once_for_both(sources):
    here = bring_here(sources[1], allow_private_hosts=True)

    assert here == DataSource("photo.png", PHOTO)
    assert bring_here(here) is here


def test_a_private_link_is_refused_unless_allowed(sources):
    with pytest.raises(LinkError, match="private network"):
        load_source(sources[1])


def test_cancelling_passes_through(sources):
    cancel = CancelSource()
    cancel.cancel()

    for source in sources:
        with pytest.raises(Cancelled):
            load_source(source, allow_private_hosts=True, cancel=cancel.token)


def test_an_unreadable_source(tmp_path):
    with pytest.raises(UnreadableImage, match="no longer there"):
        load_source(FileSource(tmp_path / "gone.png"))
    with pytest.raises(UnreadableImage, match="text"):
        load_preview(DataSource("dragged", b"hello"), 100)
