"""The inside of an ONNX file, read field by field within limits."""
