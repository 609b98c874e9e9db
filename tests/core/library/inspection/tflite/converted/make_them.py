"""Makes the models beside it: ``python -m tests.core.library.inspection.tflite.converted.make_them``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
SHAPE = (12, 10, 3)


def main() -> None:
    import keras
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    keras.utils.set_random_seed(5)
    random = np.random.default_rng(5)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(6.0),
            layers.DepthwiseConv2D(3, padding="same", activation="relu"),
            layers.Conv2D(16, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5, activation="softmax"),
        ]
    )
    model.layers[-1].kernel.assign(8 * model.layers[-1].kernel)
    function = tf.function(lambda x: model(x, training=False))
    frozen = convert_variables_to_constants_v2(
        function.get_concrete_function(tf.TensorSpec((1, *SHAPE), tf.float32, name="pixels"))
    )
    lite = tf.lite

    def convert(name, *, types=(), whole=False, ends=None, free=False, optimise=True):
        if free:
            converter = lite.TFLiteConverter.from_keras_model(model)
        else:
            converter = lite.TFLiteConverter.from_concrete_functions([frozen])
        converter.optimizations = [lite.Optimize.DEFAULT] if optimise else []
        converter.target_spec.supported_types = list(types)
        if whole:
            converter.representative_dataset = lambda: (
                [random.uniform(-1, 1, (1, *SHAPE)).astype(np.float32)] for _ in range(16)
            )
            converter.target_spec.supported_ops = [lite.OpsSet.TFLITE_BUILTINS_INT8]
        if ends is not None:
            converter.inference_input_type = converter.inference_output_type = ends
        (FOLDER / f"{name}.tflite").write_bytes(converter.convert())

    convert("floating", optimise=False)
    convert("free_batch", optimise=False, free=True)
    convert("float16", types=[tf.float16])
    convert("dynamic_range")
    convert("int8", whole=True)
    convert("int8_uint8_ends", whole=True, ends=tf.uint8)
    convert("int8_int8_ends", whole=True, ends=tf.int8)


if __name__ == "__main__":
    main()
