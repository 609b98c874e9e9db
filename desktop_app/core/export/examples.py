"""The example in a package's README: plain Python, which runs as it stands beside the unpacked files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.export.formats import ExportFormat
    from desktop_app.core.networks.input_spec import InputSpec

EXAMPLE_LINES = 15
"""Lines that an example has, at most."""

_OPENING: dict[ExportFormat, tuple[str, ...]] = {
    "keras": ("import keras",),
    "onnx": (
        'os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # newer ones report how they are used',
        "import onnxruntime",
    ),
    "litert": ("from ai_edge_litert.interpreter import Interpreter",),
    "openvino": (
        'sys.modules["openvino_telemetry"] = None  # it would report how it is used',
        "import openvino",
    ),
    "saved-model": ("import tensorflow",),
}  # fmt: skip

_ASKING: dict[ExportFormat, tuple[str, ...]] = {
    "keras": (
        'model = keras.saving.load_model("model.keras")',
        "shares = keras.ops.convert_to_numpy(model(picture))[0]",
    ),
    "onnx": (
        'model = onnxruntime.InferenceSession("model.onnx")',
        'shares = model.run(None, {"picture": picture})[0][0]',
    ),
    "litert": (
        'model = Interpreter("model.tflite")',
        "model.allocate_tensors()",
        'model.set_tensor(model.get_input_details()[0]["index"], picture)',
        "model.invoke()",
        'shares = model.get_tensor(model.get_output_details()[0]["index"])[0]',
    ),
    "openvino": (
        'exact = {"INFERENCE_PRECISION_HINT": "f32"}  # else some processors round',
        'model = openvino.Core().compile_model("model.xml", "CPU", exact)',
        "shares = model(picture)[0][0]",
    ),
    "saved-model": (
        'model = tensorflow.saved_model.load("model")',
        "shares = model.serve(picture).numpy()[0]",
    ),
}


def example(form: ExportFormat, spec: InputSpec) -> str:
    """Write the example.

    Args:
        form: The format.
        spec: The model's input, which says how a picture is brought to its size.

    Returns:
        Python that prints the five most probable classes of the picture that its first argument names, of
        `EXAMPLE_LINES` lines at most.
    """
    modules = {"onnx": "os, sys"}.get(form, "sys")
    lines = [
        f"import {modules}",
        "import numpy as np",
        "from PIL import Image, ImageOps",
        *_OPENING[form],
        'picture = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")',
        *_fitting(spec),
        *_ASKING[form],
        'labels = open("labels.txt", encoding="utf-8").read().splitlines()',
        "for index in np.argsort(-shares)[:5]:",
        '    print(f"{shares[index]:.1%} {labels[index]}")',
    ]
    assert len(lines) <= EXAMPLE_LINES
    return "\n".join(lines)


def _fitting(spec: InputSpec) -> tuple[str, ...]:
    size = f"({spec.width}, {spec.height})"
    if spec.fit == "crop":
        # The border that goes on each side; the rest is cut to the shape of the input.
        border = f", bleed={(1 - spec.crop_share) / 2:g}" if spec.crop_share != 1 else ""
        return (f"picture = np.asarray(ImageOps.fit(picture, {size}, Image.BICUBIC{border}))[np.newaxis]",)
    return (f"picture = np.asarray(picture.resize({size}, Image.BICUBIC))[np.newaxis]",)
