"""Small uses of Keras's stock layers and functions, by name: each makes something of a picture.

They are put together to whole networks, so that one file tries many layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Use = Callable[[Any], Any]

SIDE = 8


def _layers() -> Any:
    import keras

    return keras.layers


def _ops() -> Any:
    import keras

    return keras.ops


def rows(picture: Any) -> Any:
    """Make a sequence of the rows: 8 steps of 24 numbers."""
    return _layers().Reshape((SIDE, 3 * SIDE))(picture)


def halves(picture: Any) -> Any:
    """Make a sequence of the upper and the lower half."""
    return _layers().Reshape((2, SIDE // 2, SIDE, 3))(picture)


def layer(name: str, *arguments: Any, on: Use | None = None, **options: Any) -> Use:
    """Use a layer on the picture, or on what ``on`` makes of it."""
    return lambda x: getattr(_layers(), name)(*arguments, **options)(x if on is None else on(x))


def around(name: str, inner: str, *arguments: Any, on: Use | None = None) -> Use:
    """Use a layer that is around another one."""

    def use(x: Any) -> Any:
        wrapped = getattr(_layers(), inner)(*arguments)
        return getattr(_layers(), name)(wrapped)(x if on is None else on(x))

    return use


def twice(name: str, *arguments: Any, **options: Any) -> Use:
    """Use a layer with the rows as query and value."""
    return lambda x: getattr(_layers(), name)(*arguments, **options)([rows(x), rows(x) * 0.5])


def operation(path: str, *arguments: Any, **options: Any) -> Use:
    """Use a function of `keras.ops` on the picture."""

    def use(x: Any) -> Any:
        found = _ops()
        for name in path.split("."):
            found = getattr(found, name)
        return found(x, *arguments, **options)

    return use


SEQUENCES: Mapping[str, Use] = {
    "Conv1D": layer("Conv1D", 4, 3, on=rows),
    "Conv1D causal": layer("Conv1D", 4, 3, padding="causal", dilation_rate=2, on=rows),
    "DepthwiseConv1D": layer("DepthwiseConv1D", 3, depth_multiplier=2, on=rows),
    "SeparableConv1D": layer("SeparableConv1D", 4, 3, strides=2, padding="same", on=rows),
    "Conv1DTranspose": layer("Conv1DTranspose", 4, 3, strides=2, on=rows),
    "MaxPooling1D": layer("MaxPooling1D", 3, 2, padding="same", on=rows),
    "AveragePooling1D": layer("AveragePooling1D", 2, on=rows),
    "GlobalMaxPooling1D": layer("GlobalMaxPooling1D", on=rows),
    "GlobalAveragePooling1D": layer("GlobalAveragePooling1D", keepdims=True, on=rows),
    "AdaptiveAveragePooling1D": layer("AdaptiveAveragePooling1D", 3, on=rows),
    "AdaptiveMaxPooling1D": layer("AdaptiveMaxPooling1D", 3, on=rows),
    "Cropping1D": layer("Cropping1D", (1, 2), on=rows),
    "ZeroPadding1D": layer("ZeroPadding1D", (1, 2), on=rows),
    "UpSampling1D": layer("UpSampling1D", 3, on=rows),
    "SpatialDropout1D": layer("SpatialDropout1D", 0.5, on=rows),
    "RepeatVector": layer("RepeatVector", 3, on=layer("Flatten")),
    "LSTM": layer("LSTM", 3, on=rows),
    "TimeDistributed": around("TimeDistributed", "Dense", 4, "relu", on=rows),
    "TimeDistributed of pictures": around("TimeDistributed", "Conv2D", 2, 3, on=halves),
}

PICTURES: Mapping[str, Use] = {
    "Conv2DTranspose": layer("Conv2DTranspose", 4, 3, strides=2, padding="same"),
    "Conv2DTranspose valid": layer("Conv2DTranspose", 4, (2, 3), strides=(3, 1)),
    "Conv2DTranspose with more": layer("Conv2DTranspose", 4, 3, strides=2, padding="same", output_padding=1),
    "Conv2DTranspose spread": layer("Conv2DTranspose", 4, 3, dilation_rate=2),
    "AdaptiveAveragePooling2D": layer("AdaptiveAveragePooling2D", (3, 2)),
    "AdaptiveMaxPooling2D": layer("AdaptiveMaxPooling2D", 3),
    "EinsumDense": layer("EinsumDense", "abcd,de->abce", output_shape=(SIDE, SIDE, 5), bias_axes="e"),
    "EinsumDense of any axes": layer("EinsumDense", "...x,xy->...y", output_shape=4, bias_axes="y"),
    "EinsumDense of heads": layer(
        "EinsumDense", "abc,cde->abde", output_shape=(SIDE, 2, 3), bias_axes="de", on=rows
    ),
    "SpectralNormalization": around("SpectralNormalization", "Conv2D", 4, 3),
    "SpectralNormalization of Dense": around("SpectralNormalization", "Dense", 4),
    "AlphaDropout": layer("AlphaDropout", 0.5),
    "ActivityRegularization": layer("ActivityRegularization", 0.1),
    "RMSNormalization": layer("RMSNormalization"),
    "LayerNormalization": layer("LayerNormalization", axis=[1, 2, 3]),
    "Softmax": layer("Softmax", axis=1),
    "Orthogonal": layer("Dense", 4, kernel_initializer="orthogonal"),
    "Concatenate": lambda x: _layers().Concatenate(axis=1)([x, x * 2]),
    "Dot": lambda x: _layers().Dot(axes=(2, 2), normalize=True)([rows(x), rows(x) * 2]),
    "CustomScaleLayer": lambda x: _scaled_sum([x, _layers().Rescaling(2.0)(x)]),
    "float16": layer("Conv2D", 4, 3, dtype="float16"),
}

ATTENTION: Mapping[str, Use] = {
    "MultiHeadAttention": lambda x: _layers().MultiHeadAttention(2, 4)(rows(x), rows(x) * 0.5),
    "MultiHeadAttention by names": lambda x: _layers().MultiHeadAttention(
        2, 4, value_dim=5, output_shape=6, use_bias=False
    )(key=rows(x) * 2, value=rows(x), query=rows(x) * 3),
    "MultiHeadAttention on two axes": lambda x: _layers().MultiHeadAttention(2, 4, attention_axes=(1, 2))(
        x, x
    ),
    "MultiHeadAttention forwards": lambda x: _layers().MultiHeadAttention(2, 4)(
        rows(x), rows(x), use_causal_mask=True
    ),
    "GroupQueryAttention": lambda x: _layers().GroupQueryAttention(4, 4, 2)(rows(x), rows(x) * 0.5),
    "Attention": twice("Attention", use_scale=True),
    "Attention by sums": twice("Attention", use_scale=True, score_mode="concat"),
    "AdditiveAttention": twice("AdditiveAttention"),
    "Embedding of positions": lambda x: rows(x) + _layers().Embedding(SIDE, 24)(_ops().arange(SIDE)),
    "Embedding of counted positions": lambda x: (
        rows(x)
        + _layers().Embedding(SIDE + 1, 24)(
            _ops().cast(_ops().cumsum(_ops().ones_like(rows(x)[:, :, 0]), axis=1), "int32")
        )
    ),
}

ARITHMETIC: Mapping[str, Use] = {
    "GetItem": lambda x: x[:, 1:-1, ::2, 0],
    "GetItem backwards": lambda x: x[..., ::-1],
    "constants": lambda x: (x - np.array([1.0, 2.0, 3.0], "f4")) / np.full((1, 1, 1, 3), 5, "f4"),
    "Power": lambda x: (x / 300) ** 2,
    "Mean": operation("mean", axis=(1, 2)),
    "Max": operation("max", axis=-1, keepdims=True),
    "Min": operation("min", axis=[1]),
    "Sum": operation("sum", axis=3),
    "Var": operation("var", axis=-1),
    "Std": operation("std", axis=-1),
    "Logsumexp": operation("logsumexp", axis=-1),
    "Relu": lambda x: _ops().relu(x - 100),
    "Sigmoid": lambda x: _ops().sigmoid(x / 100),
    "Tanh": lambda x: _ops().tanh(x / 100),
    "Gelu": lambda x: _ops().gelu(x / 100),
    "Silu": lambda x: _ops().silu(x / 100),
    "Softmax": operation("softmax", axis=-1),
    "LogSoftmax": operation("log_softmax", axis=2),
    "Normalize": operation("normalize", axis=-1),
    "Sqrt": operation("sqrt"),
    "Absolute": lambda x: _ops().abs(x - 100),
    "Clip": operation("clip", 10, 100),
    "Maximum": lambda x: _ops().maximum(x, 100.0),
    "Reshape": operation("reshape", (-1, 4, 48)),
    "Transpose": operation("transpose", (0, 2, 1, 3)),
    "Swapaxes": operation("swapaxes", 1, -1),
    "Moveaxis": operation("moveaxis", -1, 1),
    "ExpandDims": operation("expand_dims", -1),
    "Squeeze": lambda x: _ops().squeeze(x[:, :1], axis=1),
    "Concatenate": lambda x: _ops().concatenate([x, x * 2], axis=1),
    "Stack": lambda x: _ops().stack([x, x * 2], axis=1),
    "Split": lambda x: _ops().split(x, 3, axis=-1)[1],
    "Split at": lambda x: _ops().split(x, [2, 5], axis=1)[2],
    "Flip": operation("flip", axis=2),
    "Pad": operation("pad", [[0, 0], [1, 2], [0, 1], [0, 0]]),
    "Pad reflect": operation("pad", [[0, 0], [1, 2], [0, 1], [0, 0]], mode="reflect"),
    "Repeat": operation("repeat", 2, axis=1),
    "Tile": operation("tile", (1, 1, 2, 1)),
    "Matmul": lambda x: _ops().matmul(rows(x), _ops().transpose(rows(x), (0, 2, 1))),
    "Matmul with constants": lambda x: _ops().matmul(x, np.ones((3, 2), "f4")),
    "Einsum": lambda x: _ops().einsum("bij,bkj->bik", rows(x), rows(x)),
    "RGBToGrayscale": operation("image.rgb_to_grayscale"),
    "Resize": operation("image.resize", (5, 6)),
    "ExtractPatches": operation("image.extract_patches", 4),
    "CropImages": operation("image.crop_images", 1, 1, target_height=4, target_width=5),
    "MaxPool": operation("nn.max_pool", 2),
    "AveragePool": operation("nn.average_pool", 2, 1, "same"),
    "Cast": lambda x: _ops().cast(x, "float16") / 2,
    "StopGradient": operation("stop_gradient"),
}

AUGMENTATION: Mapping[str, Use] = {
    "AugMix": layer("AugMix"),
    "AutoContrast": layer("AutoContrast"),
    "CutMix": layer("CutMix"),
    "MaxNumBoundingBoxes": layer("MaxNumBoundingBoxes", 3),
    "MixUp": layer("MixUp"),
    "RandAugment": layer("RandAugment"),
    "RandomBrightness": layer("RandomBrightness", 0.2),
    "RandomColorDegeneration": layer("RandomColorDegeneration", 0.2),
    "RandomColorJitter": layer("RandomColorJitter", brightness_factor=0.2),
    "RandomContrast": layer("RandomContrast", 0.2),
    "RandomCrop": layer("RandomCrop", SIDE, SIDE),
    "RandomElasticTransform": layer("RandomElasticTransform"),
    "RandomErasing": layer("RandomErasing"),
    "RandomFlip": layer("RandomFlip"),
    "RandomGaussianBlur": layer("RandomGaussianBlur"),
    "RandomGrayscale": layer("RandomGrayscale"),
    "RandomHue": layer("RandomHue", 0.2),
    "RandomInvert": layer("RandomInvert"),
    "RandomShear": layer("RandomShear", 0.2, 0.1),
    "RandomPerspective": layer("RandomPerspective"),
    "RandomPosterization": layer("RandomPosterization", 4),
    "RandomRotation": layer("RandomRotation", 0.1),
    "RandomSaturation": layer("RandomSaturation", 0.2),
    "RandomSharpness": layer("RandomSharpness", 0.2),
    "RandomTranslation": layer("RandomTranslation", 0.1, 0.1),
    "RandomZoom": layer("RandomZoom", 0.1),
    "Solarization": layer("Solarization"),
}

USUAL: Mapping[str, Use] = {
    "Activation": layer("Activation", "tanh"),
    "Average": lambda x: _layers().Average()([x, _layers().Rescaling(0.5)(x)]),
    "Minimum": lambda x: _layers().Minimum()([x, _layers().Rescaling(0.5)(x)]),
    "AveragePooling2D": layer("AveragePooling2D", 3, 2, padding="same"),
    "BatchNormalization": layer("BatchNormalization"),
    "Bidirectional": lambda x: _layers().Bidirectional(_layers().LSTM(3))(rows(x)),
    "CenterCrop": layer("CenterCrop", 4, 5),
    "Cropping2D": layer("Cropping2D", ((1, 2), (0, 3))),
    "DepthwiseConv2D": layer("DepthwiseConv2D", 3, depth_multiplier=2),
    "Dropout": layer("Dropout", 0.5),
    "ELU": layer("ELU", 0.5),
    "GRU": layer("GRU", 3, on=rows),
    "GaussianDropout": layer("GaussianDropout", 0.5),
    "GaussianNoise": layer("GaussianNoise", 0.5),
    "GlobalAveragePooling2D": layer("GlobalAveragePooling2D"),
    "GlobalMaxPooling2D": layer("GlobalMaxPooling2D"),
    "GroupNormalization": layer("GroupNormalization", 3),
    "Identity": layer("Identity"),
    "LeakyReLU": layer("LeakyReLU", 0.1),
    "MaxPooling2D": layer("MaxPooling2D", 3),
    "Normalization": layer("Normalization", mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0]),
    "PReLU": layer("PReLU", shared_axes=[1, 2]),
    "Permute": layer("Permute", (3, 1, 2)),
    "ReLU": layer("ReLU", 6.0, 0.1, 0.5),
    "Resizing": layer("Resizing", 5, 6),
    "SeparableConv2D": layer("SeparableConv2D", 4, 3),
    "SimpleRNN": layer("SimpleRNN", 3, on=rows),
    "SpatialDropout2D": layer("SpatialDropout2D", 0.5),
    "UnitNormalization": layer("UnitNormalization"),
    "UpSampling2D": layer("UpSampling2D", (2, 3)),
    "ZeroPadding2D": layer("ZeroPadding2D", ((1, 2), (0, 3))),
}


def near(path: str, *arguments: Any, scale: float = 1 / 200, offset: float = 0.1, **options: Any) -> Use:
    """Use a function of `keras.ops` on small numbers above zero."""
    use = operation(path, *arguments, **options)
    return lambda x: use(x * scale + offset)


def _convert(picture: Any) -> Any:
    from keras.src.ops.core import ConvertToTensor

    return ConvertToTensor("float32")(picture)


def _activation(name: str, **options: Any) -> Use:
    """Use an activation as a function, on numbers on both sides of zero."""

    def use(picture: Any) -> Any:
        import keras

        return getattr(keras.activations, name)(picture / 50 - 2.5, **options)

    return use


_PLAIN = (
    "arctan", "ceil", "celu", "cos", "cosh", "elu", "erf", "exp", "exp2", "expm1", "floor", "hard_shrink",
    "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu", "log", "log10", "log1p", "log2", "log_sigmoid",
    "negative", "reciprocal", "relu6", "round", "rsqrt", "selu", "sign", "sin", "sinh", "soft_shrink",
    "softplus", "softsign", "square", "squareplus", "tan", "tanh_shrink", "trunc", "zeros_like", "copy",
)  # fmt: skip
FUNCTIONS: Mapping[str, Use] = {
    **{name: near(name) for name in _PLAIN},
    "amax": near("amax", axis=-1),
    "amin": near("amin", axis=(1, 2)),
    "median": near("median", axis=-1),
    "minimum": near("minimum", 0.5),
    "mod": near("mod", 0.3),
    "floor_divide": near("floor_divide", 0.3),
    "divide": near("divide", 3.0),
    "norm": near("norm", axis=-1),
    "glu": lambda x: _ops().glu(rows(x), axis=-1),
    "threshold": near("threshold", 0.5, 0.2),
    "saturate_cast": near("saturate_cast", "float32"),
    "convert_to_tensor": _convert,
    "relu of activations": _activation("relu"),
    "relu of activations, bent": _activation("relu", negative_slope=0.1, max_value=2.0, threshold=0.5),
    "rgb_to_hsv": near("image.rgb_to_hsv"),
}

GROUPS: Mapping[str, Mapping[str, Use]] = {
    "sequences": SEQUENCES,
    "pictures": PICTURES,
    "attention": ATTENTION,
    "arithmetic": ARITHMETIC,
    "augmentation": AUGMENTATION,
    "usual": USUAL,
    "functions": FUNCTIONS,
}


def _scaled_sum(inputs: list[Any]) -> Any:
    from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

    return CustomScaleLayer(0.3)(inputs)


def network(uses: Mapping[str, Use]) -> Any:
    """Put uses side by side, so that their results stand in one row."""
    import keras

    picture = keras.Input((SIDE, SIDE, 3))
    found = []
    for use in uses.values():
        result = use(picture)
        found.append(result if len(result.shape) == 2 else keras.layers.Flatten()(result))
    output = keras.layers.Concatenate()(found) if len(found) > 1 else found[0]
    return keras.Model(picture, output)
