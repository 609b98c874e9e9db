import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.science import tiff_pages


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["little", "big"])
def test_a_tiff_of_too_many_pieces(order, big, monkeypatch):
    monkeypatch.setattr(tiff_pages, "MOST_PIECES", 10)
    mark = b"II" if order == "little" else b"MM"

    def number(value, size):
        return value.to_bytes(size, order)

    if big:
        data = mark + number(43, 2) + number(8, 2) + number(0, 2) + number(16, 8)
        data += number(1, 8) + number(273, 2) + number(4, 2) + number(11, 8) + number(0, 8)
    else:
        data = mark + number(42, 2) + number(8, 4)
        data += number(1, 2) + number(273, 2) + number(4, 2) + number(11, 4) + number(0, 4)

    with pytest.raises(UnreadableImage, match="a million pieces"):
        read_image(data + bytes(100))
