"""The example in a package's README: plain Python, which runs as it stands beside the unpacked files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.export.conversion.formats import ExportFormat
    from desktop_app.core.images.decoding.fitting import Resample
    from desktop_app.core.networks.input_spec import InputSpec
    from desktop_app.core.networks.outputs import Task

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
        "found = keras.ops.convert_to_numpy(model(picture))[0]",
    ),
    "onnx": (
        'model = onnxruntime.InferenceSession("model.onnx")',
        'found = model.run(None, {"picture": picture})[0][0]',
    ),
    "litert": (
        'model = Interpreter("model.tflite")',
        "model.allocate_tensors()",
        'model.set_tensor(model.get_input_details()[0]["index"], picture)',
        "model.invoke()",
        'found = model.get_tensor(model.get_output_details()[0]["index"])[0]',
    ),
    "openvino": (
        'exact = {"INFERENCE_PRECISION_HINT": "f32"}  # else some processors round',
        'model = openvino.Core().compile_model("model.xml", "CPU", exact)',
        "found = model(picture)[0][0]",
    ),
    "saved-model": (
        'model = tensorflow.saved_model.load("model")',
        "found = model.serve(picture).numpy()[0]",
    ),
}


_FILTERS: dict[Resample, str] = {
    "bicubic": "Image.BICUBIC",
    "bilinear": "Image.BILINEAR",
    "lanczos": "Image.LANCZOS",
    "nearest": "Image.NEAREST",
}

_SHOWING: dict[Task, tuple[str, ...]] = {
    "classification": (
        "for index in np.argsort(-found)[:5]:",
        '    print(f"{found[index]:.1%} {labels[index]}")',
    ),
    "multi-label": (
        'for label, share, least in zip(labels, found, np.loadtxt("thresholds.txt", ndmin=1)):',
        '    if share >= least: print(f"{share:.1%} {label}")',
    ),
    "regression": ("for label, amount in zip(labels, found):", '    print(f"{amount:g} {label}")'),
    "embedding": ("print(found)",),
}


def example(form: ExportFormat, spec: InputSpec, task: Task = "classification") -> str:
    """Write the example.

    Args:
        form: The format.
        spec: The model's input, which says how a picture is brought to its size.
        task: What the outputs are for.

    Returns:
        Python that prints what the model finds in the picture that its first argument names, the five most
        probable classes for instance, of `EXAMPLE_LINES` lines at most.
    """
    modules = {"onnx": "os, sys"}.get(form, "sys")
    labels = 'labels = open("labels.txt", encoding="utf-8").read().splitlines()'
    lines = [
        f"import {modules}",
        "import numpy as np",
        "from PIL import Image, ImageOps",
        *_OPENING[form],
        'picture = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")',
        *_fitting(spec),
        "picture = np.asarray(picture)[np.newaxis]",
        *_ASKING[form],
        *(() if task == "embedding" else (labels,)),
        *_SHOWING[task],
    ]
    assert len(lines) <= EXAMPLE_LINES
    return "\n".join(lines)


def _fitting(spec: InputSpec) -> tuple[str, ...]:
    size, cropped = f"({spec.width}, {spec.height})", spec.fit == "crop"
    if spec.resample == "keras":  # bilinear of four pixels, whatever the size
        return (_four_pixels(spec),)
    method = _FILTERS[spec.resample]
    if cropped:
        # The border that is cut off on each side; the rest is cut to the shape of the input.
        border = f", bleed={(1 - spec.crop_share) / 2:g}" if spec.crop_share != 1 else ""
        return (f"picture = ImageOps.fit(picture, {size}, {method}{border})",)
    return (f"picture = picture.resize({size}, {method})",)


def _four_pixels(spec: InputSpec) -> str:
    width, height = spec.width, spec.height
    if spec.fit == "crop":
        share = f" * {spec.crop_share:g}" if spec.crop_share != 1 else ""
        across, down = f"(s := min(picture.width / {width}, picture.height / {height}){share})", "s"
        left, top = f"(picture.width - {width} * s) / 2", f"(picture.height - {height} * s) / 2"
    else:
        across, down, left, top = f"picture.width / {width}", f"picture.height / {height}", "0", "0"
    place = f"({across}, 0, {left}, 0, {down}, {top})"
    return f"picture = picture.transform(({width}, {height}), Image.AFFINE, {place}, Image.BILINEAR)"
