"""A network that OpenVINO runs on the processor."""

from __future__ import annotations

import contextlib
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from desktop_app.core.engine.mapped_file import all_finite
from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.engine.streams import ENOUGH, LARGEST, Streams, weights_bytes
from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.engine.mapped_file import HeldWeights

Precision = Literal["float32", "bfloat16"]
"""The numbers that a network is computed with."""

_OUT_OF_MEMORY = re.compile(
    r"bad_alloc|out of memory|(failed|cannot|could not) (to )?allocate", re.IGNORECASE
)
"""What OpenVINO and its libraries say when there is too little."""

_SEVERAL = 4
"""Pictures of one call from which on they are computed at once."""

_UNKNOWN = re.compile(r"No conversion rule found for operations: (.+)")

_HINTS: dict[Precision, str] = {"float32": "f32", "bfloat16": "bf16"}


class NotFinite(ModelError):
    """A network's weights hold NaN or infinity.

    OpenVINO's ReLU makes 0 of NaN, so a damaged network would give answers that look proper.
    """

    def __init__(self) -> None:
        super().__init__(
            "The network's weights hold numbers that are none (NaN or infinity).",
            "They are damaged, or the training went wrong: remove this model and import or train it again.",
        )


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
            core = openvino.Core()
            # A file that a network stays mapped to cannot be replaced on Windows, nor be written over.
            core.set_property({"ENABLE_MMAP": False})
            _core = core
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
    """Read a network from a file, which is not needed after that.

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
    if unknown := _UNKNOWN.search(str(error)):
        names = unknown[1].strip().split(", ")
        kinds = "an operation" if len(names) == 1 else "operations"
        return f"it has {kinds} that OpenVINO does not know: {', '.join(names)}"[:300]
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
        if not all_finite(operation.data):
            raise NotFinite


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a network, which the next part continues.

    Attributes:
        model: An ``openvino.Model``. Its inputs are the outputs of the part before it, the picture for the
            first one, and then the weights.
        weights: What it is handed beside that.
        constants: Weights in the model itself, of which OpenVINO makes a copy; not needed after that.
    """

    model: Any
    weights: tuple[HeldWeights, ...] = ()
    constants: tuple[HeldWeights, ...] = ()

    def check_finite(self) -> None:
        """Look for NaN and infinity among its weights.

        Raises:
            NotFinite: There are some.
        """
        check_finite(self.model)
        if not all(held.all_finite() for held in self.weights):
            raise NotFinite


class CompiledNetwork:
    """Runs one picture at a time, which any number of threads may ask for at once.

    Pictures of a batch are computed one after the other, each as if it were alone: with a batch of several,
    OpenVINO's answers differ by rounding errors (4e-7 of probability were seen). So a picture has the same
    answer alone, in a folder, over HTTP and in a cluster.

    All threads compute one picture together. Where a small network is asked for many at once, each thread
    computes another one; see `Streams`.

    Attributes:
        precision: The numbers that it is computed with.
        widths: The numbers of each output for one picture.
        calls_at_once: The calls of single pictures, from as many threads, that together get the most answers.
    """

    def __init__(
        self, network: Any | Sequence[Part], precision: Precision = "float32", threads: int = 0
    ) -> None:
        """Compile a network; each ``openvino.Model`` is changed and no longer needed after it.

        Args:
            network: An ``openvino.Model`` with one input, ``(N, H, W, channels)`` of uint8 or float32, and
                outputs ``(N, width)``; or several parts of such a network, in order.
            precision: The numbers to compute with; never left to OpenVINO, whose choice differs between
                computers.
            threads: The threads that compute; 0 for one a core.

        Raises:
            NotFinite: Its weights hold NaN or infinity.
            ModelError: OpenVINO cannot compile it, or not with this precision on this processor.
            MemoryError: There is too little memory.
        """
        parts = list(network) if isinstance(network, (list, tuple)) else [Part(network)]
        settings = {
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            "NUM_STREAMS": "1",
            "CACHE_DIR": "",
            # Threads that are bound to a core wait for whatever else runs there, such as the window.
            "ENABLE_CPU_PINNING": "NO",
        }
        if threads:
            settings["INFERENCE_NUM_THREADS"] = str(threads)
        with _in_words("OpenVINO cannot run this network"):
            entry = parts[0].model.input(0)
            _batch, *picture = entry.partial_shape
            parts[0].model.reshape({entry: [1, *picture]})
            self._compiled = [_compiled(part, settings) for part in parts]
            self._weights = [part.weights for part in parts]
            first, last = self._compiled[0], self._compiled[-1]
            computed = str(last.get_property("INFERENCE_PRECISION_HINT").to_string())
            self._picture = tuple(first.input(0).shape)
            self._dtype = np.dtype(first.input(0).element_type.to_dtype())
            shapes = [tuple(output.shape) for output in last.outputs]
        if computed != _HINTS[precision]:
            raise ModelError(f"OpenVINO cannot compute in {precision} on this processor.")
        if any(len(shape) != 2 or shape[0] != 1 for shape in shapes):
            raise ModelError("OpenVINO cannot run this network: it gives more than a row for a picture.")
        self.precision = precision
        self.widths = tuple(width for _one, width in shapes)
        self._lock = threading.Lock()
        self._idle: list[list[Any]] = []
        self._begun = False
        small = len(parts) == 1 and not parts[0].weights and weights_bytes(parts[0].model) <= LARGEST
        # While one call for each core is computed, the next ones wait: no core is idle until a thread wakes.
        self.calls_at_once = 2 * threads if small and threads > 1 else 1
        self._crowd = max(2, threads // 2)
        self._again = (parts[0].model, settings, threads) if self.calls_at_once > 1 else None
        self._streams: Streams | None = None
        self._come = 0
        self._calls = 0

    def run(self, pixels: NDArray[Any]) -> list[NDArray[np.float32]]:
        """Compute the outputs for pictures.

        Args:
            pixels: The pictures ``(N, H, W, channels)``, of the type that the network takes.

        Returns:
            For each output a float32 array ``(N, width)`` of its own.

        Raises:
            ModelError: OpenVINO failed, or the weights were changed while they were in use.
            ValueError: The pictures have another shape or type.
            MemoryError: There is too little memory.
        """
        if pixels.dtype.newbyteorder("=") != self._dtype or pixels.shape[1:] != self._picture[1:]:
            wanted = f"{self._dtype} {self._picture[1:]}"
            message = f"pictures of {pixels.dtype} {pixels.shape[1:]} in place of {wanted}"
            raise ValueError(message)
        # OpenVINO would take numbers in the other byte order for numbers in the machine's own.
        pixels = np.ascontiguousarray(pixels, self._dtype)
        outputs = [np.empty((len(pixels), width), np.float32) for width in self.widths]
        with self._call() as calls, _in_words("OpenVINO failed"):
            if (streams := self._streams_for(pixels, calls)) is not None:
                streams.run(pixels, outputs)
            else:
                self._one_by_one(pixels, outputs)
        return outputs

    @contextlib.contextmanager
    def _call(self) -> Iterator[int]:
        """Count the calls under way, this one among them."""
        with self._lock:
            self._calls += 1
            calls = self._calls
        try:
            yield calls
        finally:
            with self._lock:
                self._calls -= 1

    def _one_by_one(self, pixels: NDArray[Any], outputs: Sequence[NDArray[np.float32]]) -> None:
        requests = self._requests()
        for number in range(len(pixels)):
            self._compute(requests, pixels[number : number + 1])
            for index, kept in enumerate(outputs):
                # The memory belongs to the request, whose next answer comes into it.
                kept[number] = requests[-1].get_output_tensor(index).data.reshape(-1)
        with self._lock:
            self._idle.append(requests)

    def _streams_for(self, pixels: NDArray[Any], calls: int) -> Streams | None:
        """What computes many pictures, once enough have come together; None where one comes after the other.

        Fewer calls than would keep half of the cores at work get their answers earlier one after the other.
        Its answers are the same to the last bit, or it is not used.
        """
        if len(pixels) < _SEVERAL and calls < self._crowd:
            return None
        with self._lock:
            self._come += len(pixels)
            again = self._again if self._come > ENOUGH else None
            if again is None:
                return self._streams
            self._again = None
        model, settings, threads = again
        several = np.resize(pixels, (_SEVERAL, *self._picture[1:]))
        found, wanted = ([np.empty((_SEVERAL, width), np.float32) for width in self.widths] for _ in range(2))
        with contextlib.suppress(RuntimeError, MemoryError):
            streams = Streams(openvino_core(), model, settings, threads)
            streams.run(several, found)
            self._one_by_one(several, wanted)
            if all((one == other).all() for one, other in zip(found, wanted, strict=True)):
                self._streams = streams
        return self._streams

    def _compute(self, requests: Sequence[Any], picture: NDArray[Any]) -> None:
        """Let one part after the other compute.

        For the first picture, each part's weights leave the process when it is done: whoever wants no more
        than one answer never has all of them in memory. After that they stay, for bringing them in again
        would take a tenth of the time.
        """
        for held in (held for weights in self._weights for held in weights):
            held.check()
        first, self._begun = not self._begun, True
        for request, weights in zip(requests, self._weights, strict=True):
            request.infer({0: picture} if request is requests[0] else None, share_inputs=True)
            if first:
                for held in weights:
                    held.release()

    def _requests(self) -> list[Any]:
        """One for each part, which no other thread uses: a second call of the same one would fail."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        tensor = load_openvino().Tensor
        requests: list[Any] = []
        for compiled, weights in zip(self._compiled, self._weights, strict=True):
            request = compiled.create_infer_request()
            handed = list(requests[-1].output_tensors) if requests else []
            for index, numbers in enumerate(handed):
                request.set_input_tensor(index, numbers)
            for index, held in enumerate(weights, start=len(handed) or 1):
                request.set_input_tensor(index, tensor(held.numbers, shared_memory=True))
            requests.append(request)
        return requests


def _compiled(part: Part, settings: dict[str, str]) -> Any:
    """Check and compile a part, and give back what it was made of."""
    part.check_finite()
    compiled = openvino_core().compile_model(part.model, "CPU", settings)
    for constant in part.constants:
        constant.release()
    return compiled


@contextlib.contextmanager
def _in_words(what: str) -> Iterator[None]:
    """Make a `ModelError` of what OpenVINO raises, and a MemoryError where that is what it means."""
    try:
        yield
    except RuntimeError as error:
        if _OUT_OF_MEMORY.search(str(error)):
            raise MemoryError(str(error)) from error
        raise ModelError(f"{what}: {reason_of(error)}.") from error
