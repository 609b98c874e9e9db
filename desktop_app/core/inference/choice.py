"""Which engine computes, and with which numbers: what was asked for, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Engine = Literal["openvino", "tensorflow"]
EngineWish = Literal["automatic", "openvino", "tensorflow"]
PrecisionWish = Literal["automatic", "float32", "bfloat16"]

ENGINE_WISHES: tuple[EngineWish, ...] = ("automatic", "openvino", "tensorflow")
PRECISION_WISHES: tuple[PrecisionWish, ...] = ("automatic", "float32", "bfloat16")

ENGINE_NAMES: dict[Engine, str] = {"openvino": "OpenVINO", "tensorflow": "TensorFlow"}


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What the user wants.

    Attributes:
        engine: ``automatic`` takes TensorFlow on a GPU that it can use, else OpenVINO where that is proven to
            answer alike, else TensorFlow on the processor. ``openvino`` fails where that cannot.
        precision: ``automatic`` takes bfloat16 where the processor has it and the model's proof allows it,
            else float32. ``bfloat16`` fails where that is not so.
    """

    engine: EngineWish = "automatic"
    precision: PrecisionWish = "automatic"


AUTOMATIC = EngineChoice()

TENSORFLOW_CHOSEN = "TensorFlow was chosen."
"""The reason where TensorFlow answers because the user wants it."""


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """What computes the answers of a loaded model.

    Attributes:
        engine: The engine.
        precision: The numbers it computes with: ``float32``, ``bfloat16``, ``float16``.
        device: Where, in words: "CPU (2 cores)", "GPU: NVIDIA H200".
        reason: A sentence that says why it is not OpenVINO, or not bfloat16 where the processor has it;
            empty where there is nothing to say.
        processor: The kind of processor: the same kind gives the same answers bit for bit. Empty where the
            device's name says all, as that of a GPU does, or where it is unknown.
    """

    engine: Engine
    precision: str
    device: str
    reason: str = ""
    processor: str = ""

    @property
    def words(self) -> str:
        """Engine and precision: "OpenVINO, float32"."""
        return f"{ENGINE_NAMES[self.engine]}, {self.precision}"

    @property
    def place(self) -> str:
        """Where it was computed, as far as answers depend on it: the kind of processor, or the GPU."""
        return self.processor or self.device

    def as_json(self) -> dict[str, Any]:
        """Engine, precision and device as a JSON object, with the reason where there is one."""
        found = {"name": self.engine, "precision": self.precision, "device": self.device}
        if self.processor:
            found["processor"] = self.processor
        return {**found, "reason": self.reason} if self.reason else found

    @property
    def name(self) -> str:
        """The same within a list or a sentence: "OpenVINO float32"."""
        return f"{ENGINE_NAMES[self.engine]} {self.precision}"

    @property
    def on_processor(self) -> bool:
        """Whether no GPU is used."""
        return self.device.startswith("CPU")

    @property
    def surprise(self) -> str:
        """The reason, where it is news: empty where the user chose what answers."""
        return "" if self.reason == TENSORFLOW_CHOSEN else self.reason
