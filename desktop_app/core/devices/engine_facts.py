"""What TensorFlow itself says about GPUs, once it is loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """TensorFlow's own view.

    Attributes:
        built_with_cuda: Whether this build can use NVIDIA GPUs at all.
        visible_gpus: Number of GPUs that it found and could open.
        gpu_name: Readable name of the first; empty when it is not reported.
    """

    built_with_cuda: bool
    visible_gpus: int
    gpu_name: str = ""


def read_engine_facts() -> EngineFacts:
    """Ask TensorFlow; loads it when it is not loaded, and opens the GPU drivers.

    Raises:
        EngineError: TensorFlow cannot be loaded.
    """
    from desktop_app.core.engine.loading import load_engine

    load_engine()
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "") if gpus else ""
    return EngineFacts(
        built_with_cuda=bool(tf.test.is_built_with_cuda()), visible_gpus=len(gpus), gpu_name=str(name)
    )
