"""The ONNX operators on Sightline's list: their attributes, shapes and work."""
