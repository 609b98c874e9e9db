"""A network that OpenVINO runs on the processor."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Precision = Literal["float32", "bfloat16"]
"""The numbers that a network is computed with."""

_HINTS: dict[Precision, str] = {"float32": "f32", "bfloat16": "bf16"}


class NotFinite(ModelError):
    """A network's weights hold NaN or infinity.

    OpenVINO's ReLU makes 0 of NaN, so a damaged network would give answers that look proper.
    """


@dataclass(frozen=True, slots=True)
class Processor:
    """What the answers of this computer's processor depend on.

    Attributes:
        name: Its full name, as it gives it.
        capabilities: The number types that OpenVINO computes with on it, sorted.
    """

    name: str
    capabilities: tuple[str, ...]

    @property
    def has_bfloat16(self) -> bool:
        """Whether it multiplies bfloat16 numbers by itself; else OpenVINO would only imitate it."""
        return "BF16" in self.capabilities

    @property
    def kind(self) -> str:
        """Both in one line: computers of the same kind give the same answers bit for bit."""
        return f"{self.name} ({', '.join(self.capabilities)})"


_core_lock = threading.Lock()
_core: Any = None


def openvino_core() -> Any:
    """The one ``openvino.Core`` of this process; made at the first call.

    Raises:
        EngineError: OpenVINO does not start.
    """
    global _core  # noqa: PLW0603 - looking for plug-ins takes time, and the threads are shared
    openvino = load_openvino()
    with _core_lock:
        if _core is None:
            _core = openvino.Core()
        return _core


def openvino_version() -> str:
    """The version of OpenVINO, such as ``2026.4.1``; as its library says, which a package may shorten."""
    return str(load_openvino().__version__).partition("-")[0]


def read_processor() -> Processor:
    """Ask OpenVINO what this computer's processor can do.

    Raises:
        EngineError: OpenVINO does not start.
    """
    core = openvino_core()
    name = " ".join(str(core.get_property("CPU", "FULL_DEVICE_NAME")).split())
    return Processor(name, tuple(sorted(map(str, core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")))))


def read_network(path: Path) -> Any:
    """Read a network from a file; its weights stay mapped to the file.

    OpenVINO's own cache is never used: it goes by name and time of a file, and so answers with old weights.

    Args:
        path: An ``.xml`` with its ``.bin`` beside it, or a frozen TensorFlow graph ``.pb``.

    Returns:
        An ``openvino.Model``.

    Raises:
        ModelError: It cannot be read; OpenVINO's own words are in the message.
        EngineError: OpenVINO does not start.
    """
    try:
        return openvino_core().read_model(path)
    except RuntimeError as error:
        raise ModelError(f"OpenVINO cannot read {path.name}: {reason_of(error)}.") from error


def reason_of(error: Exception) -> str:
    """What OpenVINO says, without the source files and checks that it lists around it."""
    lines = [line.strip() for line in str(error).splitlines()]
    telling = [
        line
        for line in lines
        if line and not line.startswith(("Exception from", "Check '", "While validating", "[ ERROR ]"))
    ]
    return (telling or [line for line in lines if line] or [type(error).__name__])[-1][:300].rstrip(".")


def check_finite(model: Any) -> None:
    """Look for NaN and infinity among the weights of an ``openvino.Model``.

    Raises:
        NotFinite: There are some.
    """
    for operation in model.get_ops():
        if operation.get_type_name() != "Constant" or not operation.get_element_type().is_real():
            continue
        numbers = operation.data
        if not _all_finite(numbers):
            raise NotFinite(
                "The network's weights hold numbers that are none (NaN or infinity).",
                "They are damaged, or the training went wrong: remove this model and import or train it "
                "again.",
            )


def _all_finite(numbers: NDArray[Any]) -> bool:
    """Whether all are finite; the sum tells in most cases, at the speed of the memory."""
    if numbers.dtype.itemsize < 4:
        return bool(np.isfinite(numbers.astype(np.float32)).all())
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.sum(numbers))) or bool(np.isfinite(numbers).all())


class CompiledNetwork:
    """Runs one picture at a time, which any number of threads may ask for at once.

    Pictures of a batch are computed one after the other, each as if it were alone: with a batch of several,
    OpenVINO's answers differ by rounding errors (4e-7 of probability were seen). So a picture has the same
    answer alone, in a folder, over HTTP and in a cluster.

    Attributes:
        precision: The numbers that it is computed with.
        widths: The numbers of each output for one picture.
    """

    def __init__(self, model: Any, precision: Precision = "float32", threads: int = 0) -> None:
        """Compile a network; the ``openvino.Model`` is changed and no longer needed after it.

        Args:
            model: An ``openvino.Model`` with one input, ``(N, H, W, channels)`` of uint8 or float32, and
                outputs ``(N, width)``.
            precision: The numbers to compute with; never left to OpenVINO, whose choice differs between
                computers.
            threads: The threads that compute; 0 for one a core.

        Raises:
            NotFinite: Its weights hold NaN or infinity.
            ModelError: OpenVINO cannot compile it.
            MemoryError: There is too little memory.
        """
        check_finite(model)
        settings = {"INFERENCE_PRECISION_HINT": _HINTS[precision], "NUM_STREAMS": "1", "CACHE_DIR": ""}
        if threads:
            settings["INFERENCE_NUM_THREADS"] = str(threads)
        try:
            _batch, *picture = model.input(0).partial_shape
            model.reshape([1, *picture])
            self._compiled = openvino_core().compile_model(model, "CPU", settings)
        except RuntimeError as error:
            raise ModelError(f"OpenVINO cannot run this network: {reason_of(error)}.") from error
        self.precision = precision
        self.widths = tuple(int(output.shape[-1]) for output in self._compiled.outputs)
        self._picture = tuple(self._compiled.input(0).shape)
        self._dtype = np.dtype(self._compiled.input(0).element_type.to_dtype())
        self._lock = threading.Lock()
        self._idle: list[Any] = []

    def run(self, pixels: NDArray[Any]) -> list[NDArray[np.float32]]:
        """Compute the outputs for pictures.

        Args:
            pixels: The pictures ``(N, H, W, channels)``, of the type that the network takes.

        Returns:
            For each output a float32 array ``(N, width)`` of its own.

        Raises:
            ModelError: OpenVINO failed.
            ValueError: The pictures have another shape or type.
            MemoryError: There is too little memory.
        """
        if pixels.dtype != self._dtype or pixels.shape[1:] != self._picture[1:]:
            wanted = f"{self._dtype} {self._picture[1:]}"
            message = f"pictures of {pixels.dtype} {pixels.shape[1:]} in place of {wanted}"
            raise ValueError(message)
        pixels = np.ascontiguousarray(pixels)
        outputs = [np.empty((len(pixels), width), np.float32) for width in self.widths]
        request = self._request()
        try:
            for number in range(len(pixels)):
                request.infer({0: pixels[number : number + 1]}, share_inputs=True)
                for index, kept in enumerate(outputs):
                    # The memory belongs to the request, whose next answer comes into it.
                    kept[number] = request.get_output_tensor(index).data.reshape(-1)
        except RuntimeError as error:
            raise ModelError(f"OpenVINO failed: {reason_of(error)}.") from error
        with self._lock:
            self._idle.append(request)
        return outputs

    def _request(self) -> Any:
        """One that no other thread uses: a second call of the same one would fail."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._compiled.create_infer_request()
