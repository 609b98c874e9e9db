import numpy as np
import pytest

from desktop_app.core.inference import handed_over
from desktop_app.core.inference.handed_over import FEWEST_ROWS, HandedOver

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def function(rank=2):
    """Means of 3 x 3 neighbours, doubled, as a vector or as they are."""
    import tensorflow as tf

    kernel = tf.fill((3, 3, 3, 4), 2 / 27)

    def means(pixels):
        found = tf.nn.relu(tf.nn.conv2d(tf.cast(pixels, tf.float32), kernel, 1, "SAME"))
        return tf.reduce_mean(found, axis=(1, 2)) if rank == 2 else found

    return tf.function(means, input_signature=[tf.TensorSpec((None, 6, 5, 3), tf.uint8)])


def rows(count):
    return np.random.default_rng(2).integers(0, 256, (count, 6, 5, 3), dtype=np.uint8)


def expected(pixels, rank=2):
    return function(rank)(pixels).numpy()


def test_many_rows_are_computed_by_openvino_and_the_numbers_are_the_same():
    compute = HandedOver(function(), FEWEST_ROWS)
    for pixels in (rows(50), rows(3), rows(1)):
        np.testing.assert_allclose(compute(pixels), expected(pixels), rtol=1e-5)
        assert compute(pixels).dtype == np.float32
    assert compute.engine == "openvino"


def test_tensors_are_taken_too():
    import tensorflow as tf

    compute = HandedOver(function(), FEWEST_ROWS)
    np.testing.assert_allclose(compute(tf.constant(rows(4))), expected(rows(4)), rtol=1e-5)
    assert compute.engine == "openvino"


def test_few_rows_are_not_worth_a_conversion():
    compute = HandedOver(function(), FEWEST_ROWS - 1)
    np.testing.assert_array_equal(compute(rows(4)), expected(rows(4)))
    assert compute.engine == "tensorflow"


def test_maps_are_left_to_tensorflow():
    compute = HandedOver(function(rank=4), FEWEST_ROWS)
    np.testing.assert_array_equal(compute(rows(4)), expected(rows(4), rank=4))
    assert compute.engine == "tensorflow"


@pytest.mark.parametrize("fault", ["other numbers", "an error"])
def test_what_openvino_computes_otherwise_tensorflow_computes(monkeypatch, fault):
    class Wrong(handed_over.CompiledNetwork):
        def run(self, pixels):
            if fault == "an error":
                message = "broken"
                raise RuntimeError(message)
            return [numbers + 1 for numbers in super().run(pixels)]

    monkeypatch.setattr(handed_over, "CompiledNetwork", Wrong)
    compute = HandedOver(function(), FEWEST_ROWS)
    np.testing.assert_array_equal(compute(rows(4)), expected(rows(4)))
    assert compute.engine == "tensorflow"
