from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from desktop_app.core.inference.tensorflow_network import device_name

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture
def gpus(monkeypatch):
    """Let TensorFlow see GPUs of these names."""
    import tensorflow as tf

    def see(*names):
        seen = [SimpleNamespace(name=f"/physical_device:GPU:{place}") for place in range(len(names))]
        details = {
            gpu.name: {"device_name": name} if name else {} for gpu, name in zip(seen, names, strict=True)
        }
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: seen)
        monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details[gpu.name])

    return see


def test_without_a_gpu_the_cores_are_told(gpus):
    gpus()
    for all_gpus in (False, True):
        assert re.fullmatch(r"CPU \([1-9]\d* cores?\)", device_name(all_gpus=all_gpus))


@pytest.mark.parametrize(
    ("names", "all_of_them"),
    [
        (["Tesla T4"], "GPU: Tesla T4"),
        (["Tesla T4", "Tesla T4"], "2 GPUs: Tesla T4"),
        (["Tesla T4", "NVIDIA L4", "Tesla T4"], "3 GPUs: Tesla T4, NVIDIA L4"),
    ],
)
def test_a_training_names_all_gpus_and_a_prediction_the_first(gpus, names, all_of_them):
    gpus(*names)
    assert device_name() == "GPU: Tesla T4"
    assert device_name(all_gpus=True) == all_of_them


def test_a_gpu_may_have_no_name(gpus):
    gpus("")
    assert device_name() == "GPU: unnamed"
