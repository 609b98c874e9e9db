"""What to do about a TensorFlow Lite model that is refused."""

CONVERT_PLAINLY = (
    "If you have the model it was made from, convert that again for pictures one at a time with TensorFlow "
    "Lite's own operators (tf.lite.OpsSet.TFLITE_BUILTINS), or save it with Keras 3 as .keras; else ask "
    "whoever made the file for one of these."
)
