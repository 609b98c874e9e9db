from types import SimpleNamespace

import pytest

from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.training.outcome.finish import input_spec

RECIPE = SimpleNamespace(channels=3, preprocessing="unit", fit="squash", crop_share=1.0)


@pytest.mark.parametrize(
    ("thin", "card", "seen"),
    [(None, "parts", 5), ("parts", "parts", 5), ("whole", "whole", 1), ("crop", "whole", 1)],
)
def test_thin_pictures_are_predicted_as_they_were_trained_on(thin, card, seen):
    spec = input_spec(SimpleNamespace(input_shape=(None, 32, 32, 3)), RECIPE, PixelReading(thin=thin))

    assert spec.thin == card
    assert len(spec.fitting().boxes((160, 32))) == seen
    assert spec.fitting().is_cropped((160, 32)) == (thin == "crop")
    assert not spec.fitting().is_squashed((160, 32))
