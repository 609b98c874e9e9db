"""ONNX files: what is checked of them before anything reads them, and the clean copy that is kept."""
