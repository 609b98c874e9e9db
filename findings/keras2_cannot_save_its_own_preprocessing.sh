#!/bin/sh
# The newer file format of Keras 2.15 cannot hold what its own preprocess_input does.
#
# Versions: keras 2.15.0 (tensorflow-cpu 2.15.1), Python 3.11; 2026-11-29.
# keras.applications.resnet.preprocess_input (VGG's too) may be called inside a model; it turns RGB to BGR by
# x[..., ::-1]. The model can be saved as .h5 and as a SavedModel. As .keras, the recommended format, it cannot:
# the ellipsis among the arguments of the slice is not serializable. A scaling such as x / 127.5 - 1 saves as both.
# Expected: all three formats take the model.
# Seen: scaling h5 ok, keras ok; preprocess_input h5 ok, keras TypeError: Cannot serialize object Ellipsis.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.15.1 keras==2.15.0
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python -W ignore - <<'END'
import keras


def saved(prepare):
    entry = keras.Input((8, 8, 3))
    model = keras.Model(entry, keras.layers.GlobalAveragePooling2D()(prepare(entry)))
    found = {}
    for ending in ("h5", "keras"):
        try:
            model.save(f"model.{ending}")
            found[ending] = "ok"
        except TypeError as error:
            found[ending] = f"TypeError: {str(error)[:32]}"
    return found


scaled = saved(lambda x: x / 127.5 - 1)
turned = saved(keras.applications.resnet.preprocess_input)
print("scaling", scaled, "preprocess_input", turned)
assert scaled == {"h5": "ok", "keras": "ok"}, "changed"
assert turned == {"h5": "ok", "keras": "TypeError: Cannot serialize object Ellipsis"}, "changed"
END
