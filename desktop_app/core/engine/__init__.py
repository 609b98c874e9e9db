"""Loading TensorFlow, OpenVINO and other large libraries without stopping the other threads."""
