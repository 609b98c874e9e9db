"""Files of Keras 2, and ``.h5`` files of Keras 3, translated to ``.keras`` files that are inspected."""
