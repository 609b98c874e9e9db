"""The format of ``.tflite`` files: FlatBuffers within limits, tensors and operators by number."""
