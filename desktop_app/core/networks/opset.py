"""Networks written in OpenVINO's own operations, without TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.networks.pixels import (
    IMAGENET_DEVIATIONS,
    IMAGENET_MEANS,
    IMAGENET_MEANS_BGR,
    affine_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desktop_app.core.networks.input_spec import InputSpec, Layout
    from desktop_app.core.networks.pixels import Preprocessing

_ROWS = 32


class OpsetGraph:
    """Adds operations to a graph whose values are ``(N, channels, H, W)``, as OpenVINO's kernels want."""

    def __init__(self) -> None:
        """Load OpenVINO.

        Raises:
            EngineError: It does not start.
        """
        openvino = load_openvino()
        self._openvino = openvino
        self._ops = openvino.opset13

    def pictures(self, height: int, width: int) -> Any:
        """The input of most networks: uint8 ``(1, height, width, 3)``, RGB."""
        return self._ops.parameter([1, height, width, 3], np.uint8, "pixels")

    def values(self, height: int, width: int) -> Any:
        """An input that is preprocessed already: float32 ``(-1, height, width, 3)``."""
        return self._ops.parameter([-1, height, width, 3], np.float32, "values")

    def numbers(self, *shape: int) -> Any:
        """An input of float32 numbers, such as another part of the network gives."""
        return self._ops.parameter(list(shape), np.float32)

    def network_input(self, pixels: Any, spec: InputSpec) -> Any:
        """Express all that a card says about a network's input; see `preprocessing.network_input`."""
        if spec.channels == 3:
            return self.laid_out(self.prepared(pixels, spec.preprocessing), spec.layout, spec)
        shares = self._constant(np.array(spec.grey, np.float32).reshape(3, 1))
        grey = self._ops.matmul(self._ops.convert(pixels, "f32"), shares, False, False)
        return self.laid_out(self._scaled(grey, spec.preprocessing), spec.layout, spec)

    def laid_out(self, values: Any, layout: Layout, spec: InputSpec) -> Any:
        """Bring float32 ``(N, H, W, channels)`` to a network's layout."""
        match layout:
            case "nchw":
                return self.channels_first(values)
            case "nhw":
                return self._ops.squeeze(values, self._constant(np.array([3])))
            case "flat":
                count = spec.height * spec.width * spec.channels
                return self._ops.reshape(values, self._constant(np.array([-1, count])), False)
            case _:
                return values

    def prepared(self, pixels: Any, preprocessing: Preprocessing) -> Any:
        """Express a preprocessing; see `preprocessing.preprocess`, which does so for TensorFlow."""
        ops = self._ops
        if affine_of(preprocessing).reversed:
            pixels = ops.gather(pixels, self._constant(np.array([2, 1, 0])), self._constant(np.array(3)))
        return self._scaled(ops.convert(pixels, "f32"), preprocessing)

    def _scaled(self, values: Any, preprocessing: Preprocessing) -> Any:
        ops = self._ops
        match preprocessing:
            case "none" | "bgr":
                pass
            case "unit":
                values = ops.divide(values, self._number(255.0))
            case "symmetric":
                values = ops.subtract(ops.divide(values, self._number(127.5)), self._number(1.0))
            case "efficientnet-lite":
                values = ops.divide(ops.subtract(values, self._number(127.0)), self._number(128.0))
            case "imagenet":
                unit = ops.divide(values, self._number(255.0))
                centred = ops.subtract(unit, self._constant(np.array(IMAGENET_MEANS, np.float32)))
                values = ops.divide(centred, self._constant(np.array(IMAGENET_DEVIATIONS, np.float32)))
            case "vgg19":
                values = ops.subtract(values, self._constant(np.array(IMAGENET_MEANS_BGR, np.float32)))
            case _:
                affine = affine_of(preprocessing)
                scaled = ops.multiply(values, self._constant(np.array(affine.scale, np.float32)))
                values = ops.add(scaled, self._constant(np.array(affine.offset, np.float32)))
        return values

    def rows(self, values: Any) -> Any:
        """Put all numbers of a picture into one row, in the order in which they lie."""
        return self._ops.reshape(values, self._constant(np.array([1, -1])), False)

    def channels_first(self, values: Any) -> Any:
        """From ``(N, H, W, channels)``, as pictures come."""
        return self._ops.transpose(values, self._constant(np.array([0, 3, 1, 2])))

    def convolution(
        self,
        values: Any,
        kernel: NDArray[np.float32],
        bias: NDArray[np.float32],
        stride: int = 1,
    ) -> Any:
        """Convolve with Keras's kernel ``(side, side, in, out)`` and "same" padding, and add the bias."""
        stored = self._constant(_outputs_first(kernel))
        steps, same = [stride, stride], [0, 0]
        found = self._ops.convolution(values, stored, steps, same, same, [1, 1], auto_pad="same_upper")
        return self._ops.add(found, self._constant(bias.reshape(1, -1, 1, 1)))

    def depthwise(
        self,
        values: Any,
        kernel: NDArray[np.float32],
        bias: NDArray[np.float32],
        stride: int = 1,
    ) -> Any:
        """Filter each channel on its own, with Keras's kernel ``(side, side, channels, 1)``; add the bias."""
        stored = self._constant(np.ascontiguousarray(kernel.transpose(2, 3, 0, 1)[:, :, None]))
        steps, same = [stride, stride], [0, 0]
        found = self._ops.group_convolution(values, stored, steps, same, same, [1, 1], auto_pad="same_upper")
        return self._ops.add(found, self._constant(bias.reshape(1, -1, 1, 1)))

    def relu(self, values: Any) -> Any:
        """Everything below 0 becomes 0."""
        return self._ops.relu(values)

    def relu6(self, values: Any) -> Any:
        """Limit to 0..6."""
        return self._ops.clamp(values, 0.0, 6.0)

    def add(self, values: Any, others: Any) -> Any:
        """The sum of two of the same shape."""
        return self._ops.add(values, others)

    def halved(self, values: Any) -> Any:
        """The largest of each 2 x 2, in steps of 2; a last odd row or column is left out."""
        zero = [0, 0]
        return self._ops.max_pool(values, [2, 2], [1, 1], zero, zero, [2, 2]).output(0)

    def channel_means(self, values: Any) -> Any:
        """The mean of each channel, ``(N, channels)``."""
        return self._ops.reduce_mean(values, self._constant(np.array([2, 3])), False)

    def flattened(self, values: Any) -> Any:
        """All numbers of a picture in a row, in Keras's order: ``(N, H * W * channels)``."""
        last = self._ops.transpose(values, self._constant(np.array([0, 2, 3, 1])))
        return self._ops.reshape(last, self._constant(np.array([0, -1])), True)

    def joined(self, values: Sequence[Any]) -> Any:
        """Several ``(N, width)`` side by side."""
        return self._ops.concat(list(values), 1)

    def dense(self, values: Any, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> Any:
        """Multiply ``(N, in)`` by Keras's kernel ``(in, out)``, and add the bias."""
        return self.biased(self.product(values, kernel), bias)

    def product(self, values: Any, kernel: NDArray[np.float32]) -> Any:
        """Multiply ``(N, in)`` by a kernel ``(in, out)``, of which OpenVINO makes a copy in its own order."""
        return self._ops.matmul(values, self._constant(kernel), False, False)

    def held_product(self, values: Any, pieces: int, width: int) -> tuple[Any, Any]:
        """Multiply ``(1, in)`` by a kernel ``(in, width)`` that is no part of the graph but an input of it.

        OpenVINO then uses the kernel where it lies. It multiplies it piece by piece, which takes two thirds
        of the time of the whole at once.

        Args:
            values: The numbers.
            pieces: The pieces of rows that the kernel is cut into, all of them as large.
            width: The numbers that come of it.

        Returns:
            The product ``(1, width)``; and the input, for the kernel as ``(pieces, in / pieces, width)``.
        """
        ops = self._ops
        # A size left open: else OpenVINO reserves memory for the input, though it is handed some.
        kernel = ops.parameter([pieces, -1, width], np.float32)
        rows = ops.reshape(values, self._constant(np.array([pieces, 1, -1])), False)
        products = ops.matmul(rows, kernel, False, False)
        return ops.reduce_sum(products, self._constant(np.array([0])), False), kernel

    def columns(self, values: Any, start: int, end: int) -> Any:
        """Some of the numbers of ``(N, width)``."""
        bounds = (self._constant(np.array([bound])) for bound in (start, end, 1, 1))
        return self._ops.slice(values, *bounds)

    def biased(self, values: Any, bias: NDArray[np.float32]) -> Any:
        """Add a bias ``(width,)`` to ``(N, width)``."""
        return self._ops.add(values, self._constant(bias))

    def softmax(self, values: Any) -> Any:
        """Make probabilities of each row."""
        return self._ops.softmax(values, 1)

    def model(self, inputs: Any | Sequence[Any], outputs: Sequence[Any], name: str) -> Any:
        """Close the graph, as an ``openvino.Model`` that refers to the arrays with its weights.

        Args:
            inputs: Its input, or several, in order.
            outputs: Its outputs, in order.
            name: Its name.
        """
        inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        return self._openvino.Model(list(outputs), inputs, name)

    def _constant(self, numbers: NDArray[Any]) -> Any:
        return self._ops.constant(numbers, shared_memory=True)

    def _number(self, value: float) -> Any:
        return self._ops.constant(np.float32(value))


def _outputs_first(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """From ``(height, width, in, out)`` to ``(out, in, height, width)``.

    A few rows at a time, which takes half the time: what they are read from stays near the processor.
    """
    height, width, inputs, outputs = kernel.shape
    turned = np.empty((outputs, inputs, height, width), np.float32)
    for start in range(0, inputs, _ROWS):
        turned[:, start : start + _ROWS] = kernel[:, :, start : start + _ROWS].transpose(3, 2, 0, 1)
    return turned
