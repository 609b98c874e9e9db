"""Kinds of model files that Sightline does not open: what each is, and the way to a kind that it opens.

They are recognised by their first bytes, by names of members of an archive or a folder, and last by the
ending of a file's name, since several formats begin with nothing of their own. Commands are given where the
program that made the file can write another kind.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection


class ModelKind(NamedTuple):
    """A kind of file.

    Attributes:
        what: What it is, as a clause after "it is refused: ".
        advice: What to do.
    """

    what: str
    advice: str


_OR_TRAIN = "Or train on the same pictures in Sightline: one folder for each class is enough."
_TORCH = (
    "In PyTorch, with the network and its weights loaded, torch.onnx.export(network.eval(), "
    f"torch.zeros(1, 3, 224, 224), 'model.onnx') writes a file that Sightline opens. {_OR_TRAIN}"
)
PICKLE = ModelKind(
    "it is a Python pickle, which could run any program (scikit-learn, joblib and older PyTorch write such "
    "files)",
    "Save the model in another way: a scikit-learn pipeline as ONNX with skl2onnx.to_onnx, a PyTorch network "
    f"with torch.onnx.export. {_OR_TRAIN}",
)
TORCH = ModelKind("it is a PyTorch model", _TORCH)
TORCHSCRIPT = ModelKind("it is a TorchScript model, which is a program", _TORCH)
TORCH_EXPORT = ModelKind("it is a program that torch.export wrote", _TORCH)
SAFETENSORS = ModelKind(
    "it is a safetensors file: weights without the network that they belong to",
    f"Build the network in PyTorch or Keras, load the weights into it, and save the whole. {_TORCH}",
)
HUGGING_FACE = ModelKind(
    "it is a Hugging Face model: weights, and the name of the network that they belong to",
    "With the package optimum, 'optimum-cli export onnx --model FOLDER --task image-classification OUT' "
    f"writes OUT/model.onnx, which Sightline opens. {_OR_TRAIN}",
)
SAVED_MODEL = ModelKind(
    "it is a TensorFlow SavedModel, whose functions only TensorFlow can run, and they may read and write "
    "files",
    "With the packages tf2onnx and tf_keras beside TensorFlow: 'python -m tf2onnx.convert --saved-model "
    "FOLDER --output model.onnx' makes it ONNX; where Keras saved "
    "it, 'python -c \"import tf_keras; tf_keras.models.load_model('FOLDER').save('model.keras')\"' makes it "
    ".keras. Import that file.",
)
FROZEN_GRAPH = ModelKind(
    "it is a TensorFlow graph (.pb), which does not say what goes in and comes out",
    "'python -m tf2onnx.convert --graphdef FILE --inputs NAME:0 --outputs NAME:0 --output model.onnx' makes "
    f"it ONNX, with the names of its input and output. {_OR_TRAIN}",
)
TF_CHECKPOINT = ModelKind(
    "it is a TensorFlow checkpoint: weights without the network that they belong to",
    "In the program that trained it, load the checkpoint and save the whole model with "
    f"model.save('NAME.keras'). {_OR_TRAIN}",
)
TFJS = ModelKind(
    "it is a TensorFlow.js model, made for browsers",
    "Where it was converted from Keras, import the Keras file itself. Else 'tensorflowjs_converter "
    "--input_format tfjs_layers_model --output_format keras model.json model.h5' makes a file that Sightline "
    f"opens. {_OR_TRAIN}",
)
CORE_ML = ModelKind(
    "it is a Core ML model, which only Apple's systems run",
    "Import the model that it was converted from, or export that as ONNX or TensorFlow Lite. Create ML keeps "
    f"none: {_OR_TRAIN[3:]}",
)
OPENVINO = ModelKind(
    "it is a network of OpenVINO in two files, which are not checked",
    "Import the model that it was converted from: ONNX, TensorFlow Lite or Keras.",
)
PMML = ModelKind(
    "it is a PMML file, which describes statistical models for tables of numbers",
    "Sightline classifies pictures. A scikit-learn pipeline for pictures can be saved with skl2onnx.to_onnx.",
)
CAFFE = ModelKind(
    "it is a Caffe model",
    "Convert it to ONNX, for instance with the package caffe2onnx, and compare the result with Caffe's. "
    f"{_OR_TRAIN}",
)
DARKNET = ModelKind(
    "it is a Darknet file: weights without the network, which mostly finds objects (YOLO) and does not "
    "classify pictures",
    f"For a classifier, convert it to ONNX together with its .cfg file. {_OR_TRAIN}",
)
NCNN = ModelKind(
    "it is a network for ncnn, made for phones",
    f"Import the model that it was converted from, usually ONNX. {_OR_TRAIN}",
)
MNN = ModelKind(
    "it is a network for MNN, made for phones",
    "'MNNDump2Json' shows what is in it, but nothing turns it back: import the model that it was converted "
    f"from, usually ONNX. {_OR_TRAIN}",
)
PADDLE = ModelKind(
    "it is a PaddlePaddle model",
    "'paddle2onnx --model_dir FOLDER --model_filename MODEL --params_filename PARAMS --save_file model.onnx' "
    "makes it ONNX.",
)
TENSORRT = ModelKind(
    "it is a TensorRT engine, made for one kind of GPU",
    "Import the ONNX file that it was built from.",
)
GGUF = ModelKind("it is a GGUF file, a language model", "Sightline opens networks that classify pictures.")
NUMPY = ModelKind(
    "it is a NumPy file: arrays without a network",
    f"Save the whole model with model.save('NAME.keras'). {_OR_TRAIN}",
)
XGBOOST = ModelKind(
    "it is a model of decision trees (XGBoost, LightGBM or CatBoost), which is for tables of numbers",
    "Sightline opens networks that classify pictures.",
)
MATLAB = ModelKind(
    "it is a MATLAB file",
    "In MATLAB exportONNXNetwork(net, 'model.onnx') writes a file that Sightline opens.",
)
MXNET = ModelKind(
    "it is an MXNet model",
    "mxnet.onnx.export_model makes it ONNX. Import that file.",
)
KERAS_CONFIG = ModelKind(
    "it is the description of a Keras network without its weights",
    "Save the whole model with model.save('NAME.keras'), and import that file.",
)

_TORCH_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The pickled magic number 0x1950a86a20f9469cfc6c, with which PyTorch's files began before version 1.6."""
_STARTS: tuple[tuple[bytes, ModelKind], ...] = (
    (_TORCH_LEGACY, TORCH),
    *((b"\x80" + bytes([protocol]), PICKLE) for protocol in range(2, 6)),
    (b"GGUF", GGUF),
    (b"7767517\n", NCNN),
    (b"7767517\r", NCNN),
    (b"CBM1", XGBOOST),
    (b"tree\nversion=", XGBOOST),
    (b"MATLAB 5.0 MAT-file", MATLAB),
    (b"\x93NUMPY", NUMPY),
    (b"ftrt", TENSORRT),
)
_SAFETENSORS = re.compile(rb'.{8}\s*\{\s*"', re.DOTALL)
_TEXTS: tuple[tuple[re.Pattern[bytes], ModelKind], ...] = (
    (re.compile(rb"<\?xml[^>]*>\s*(<!--.*?-->\s*)*<PMML|\s*<PMML", re.DOTALL), PMML),
    (re.compile(rb"(<\?xml[^>]*>\s*)?<net\s+name=", re.DOTALL), OPENVINO),
    (re.compile(rb'\s*\{.*"(modelTopology|weightsManifest)"', re.DOTALL), TFJS),
    (re.compile(rb'\s*\{\s*"format":\s*"(layers|graph)-model"', re.DOTALL), TFJS),
    (re.compile(rb'\s*\{\s*"(learner|version)":\s*[\[{].*"', re.DOTALL), XGBOOST),
    (re.compile(rb'\s*\{.*"class_name":\s*"(Sequential|Functional|Model)"', re.DOTALL), KERAS_CONFIG),
    (re.compile(rb'\s*\{.*"(architectures|model_type|transformers_version)"', re.DOTALL), HUGGING_FACE),
    (re.compile(rb'\s*(name:\s*"[^"]*"\s*)?(input:|layers?\s*\{)', re.DOTALL), CAFFE),
)
_ENDINGS: dict[str, ModelKind] = {
    ".pt": TORCH, ".pth": TORCH, ".ckpt": TORCH, ".bin": HUGGING_FACE, ".pt2": TORCH_EXPORT,
    ".safetensors": SAFETENSORS, ".mlmodel": CORE_ML, ".mlpackage": CORE_ML, ".mlmodelc": CORE_ML,
    ".pb": FROZEN_GRAPH, ".pbtxt": FROZEN_GRAPH, ".meta": TF_CHECKPOINT, ".index": TF_CHECKPOINT,
    ".pkl": PICKLE, ".pickle": PICKLE, ".joblib": PICKLE, ".sav": PICKLE, ".pmml": PMML,
    ".caffemodel": CAFFE, ".prototxt": CAFFE, ".weights": DARKNET, ".mnn": MNN, ".ncnn": NCNN, ".param": NCNN,
    ".pdmodel": PADDLE, ".pdiparams": PADDLE, ".engine": TENSORRT, ".plan": TENSORRT, ".trt": TENSORRT,
    ".gguf": GGUF, ".npy": NUMPY, ".npz": NUMPY, ".cbm": XGBOOST, ".ubj": XGBOOST, ".mat": MATLAB,
    ".params": MXNET,
}  # fmt: skip
"""By the ending of the name, for formats that begin with nothing of their own."""


def kind_by_start(start: bytes) -> ModelKind | None:
    """Recognise a file by its first bytes; None for other ones."""
    for prefix, kind in _STARTS:
        if start.startswith(prefix):
            return kind
    if _SAFETENSORS.match(start) and int.from_bytes(start[:8], "little") < 2**30:
        return SAFETENSORS
    return next((kind for pattern, kind in _TEXTS if pattern.match(start)), None)


def kind_by_ending(name: str) -> ModelKind | None:
    """Recognise a file by the ending of its name; None for other ones."""
    lower = name.lower()
    if re.search(r"\.data-\d{5}-of-\d{5}$", lower):
        return TF_CHECKPOINT
    return _ENDINGS.get(PurePosixPath(lower).suffix)


def kind_by_names(names: Collection[str]) -> ModelKind | None:
    """Recognise an archive or a folder by what lies in it; None for other ones."""
    paths = [PurePosixPath(name.lower()) for name in names]
    own = {path.name for path in paths}
    inner = {part for path in paths for part in path.parts[:-1]}
    endings = {path.suffix for path in paths}
    for telling, kind in (
        (bool(own & {"saved_model.pb", "saved_model.pbtxt"}), SAVED_MODEL),
        ("constants.pkl" in own and "code" in inner, TORCHSCRIPT),
        ("archive_format" in own or "archive_version" in own, TORCH_EXPORT),
        ("data.pkl" in own, TORCH),
        (any(path.suffix == ".mlmodel" for path in paths) or "coremldata.bin" in own, CORE_ML),
        ("model.json" in own and bool({".bin"} & endings), TFJS),
        (_is_hugging_face(own), HUGGING_FACE),
        (bool({".safetensors"} & endings), SAFETENSORS),
        ("checkpoint" in own or any(kind_by_ending(name) is TF_CHECKPOINT for name in own), TF_CHECKPOINT),
        (bool({".caffemodel"} & endings), CAFFE),
        (bool({".weights"} & endings) and bool({".cfg"} & endings), DARKNET),
        (bool({".param"} & endings) and bool({".bin"} & endings), NCNN),
        (bool({".mnn"} & endings), MNN),
        (bool({".pdmodel", ".pdiparams"} & endings), PADDLE),
        (bool({".xml"} & endings) and bool({".bin"} & endings), OPENVINO),
        (bool({".pt", ".pth"} & endings), TORCH),
        (bool({".pkl", ".joblib"} & endings), PICKLE),
        (bool(own) and endings == {".npy"}, NUMPY),
    ):
        if telling:
            return kind
    return None


def _is_hugging_face(own: set[str]) -> bool:
    weights = {"pytorch_model.bin", "model.safetensors", "tf_model.h5", "flax_model.msgpack"}
    return bool(own & weights) and bool(own & {"config.json", "preprocessor_config.json"})
