"""What Sightline takes from its libraries without their promise that it stays.

Each has an upper bound in pyproject.toml. When a bound is raised, these tests say what has changed and which
of our modules has to follow.
"""

from __future__ import annotations

import builtins
import ctypes
import io
import re
import socket
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyqtgraph as pg
import pytest
from packaging.requirements import Requirement
from PIL import Image
from PySide6.QtGui import QPainter, QPixmap
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from desktop_app import app
from desktop_app.core.batch.run import cluster_link
from desktop_app.core.datasets.pipeline import augmentation
from desktop_app.core.engine import libraries, loading, openvino_import
from desktop_app.core.images.decoding import libtiff, precheck
from desktop_app.core.library.inspection.keras import loading as checked_loading
from desktop_app.core.library.inspection.keras import parsing
from desktop_app.core.library.inspection.keras.rules import elementwise, operations
from desktop_app.core.networks import outputs
from desktop_app.core.service import server, web_server
from desktop_app.core.training.loop import optimizers, precision
from desktop_app.ui.charts import curve_axes, curve_canvas

BOUNDED = [
    "distributed",
    "h5py",
    "keras",
    "openvino",
    "pillow",
    "pyqtgraph",
    "PySide6-Essentials",
    "tensorflow",
    "waitress",
]
ELSEWHERE = ("libs/tbb12.*", "libs/openvino.*")
"""OpenVINO's libraries under the names that they have on Windows."""
OF_OPENVINO = [pattern for pattern in openvino_import._LIBRARIES if pattern not in ELSEWHERE]
PROJECT_FILE = Path(__file__).parent.parent / "pyproject.toml"


def relies(module, what):
    """The words of a failure."""
    return f"{what} has changed, and {module.__name__} relies on it"


def has(module, thing, *names):
    """Assert that a class or an object has all these attributes."""
    missing = [name for name in names if not hasattr(thing, name)]
    assert not missing, relies(module, f"{thing!r} without {', '.join(missing)}")


@pytest.mark.parametrize("package", BOUNDED)
def test_no_version_that_nobody_has_tried_is_let_in(package):
    project = tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    found = [Requirement(text) for texts in lists for text in texts]
    found = [one for one in found if one.name.removesuffix("-cpu") == package]
    assert found
    for requirement in found:
        assert any(part.operator == "<" for part in requirement.specifier), (
            f"{requirement} has no upper bound"
        )


@pytest.mark.engine
def test_keras_optimizers_keep_their_state_where_our_step_looks_for_it(engine):
    import keras

    variable = keras.Variable(np.ones(3, np.float32))
    other = keras.Variable(np.ones(2, np.float32))
    optimizer = keras.optimizers.Adam()
    optimizer.build([other, variable])
    has(optimizers, optimizer, "_get_variable_index", "_momentums", "_velocities", "update_step")
    place = optimizer._get_variable_index(variable)
    assert place == 1, relies(optimizers, "Optimizer._get_variable_index")
    for state in (optimizer._momentums, optimizer._velocities):
        assert tuple(state[place].shape) == (3,), relies(optimizers, "where Adam keeps its state")
        has(optimizers, state[place].value, "handle")


@pytest.mark.engine
def test_keras_optimizers_ask_what_we_put_in_place_of_their_methods(engine):
    import keras

    variable = keras.Variable(np.ones(3, np.float32))
    optimizer = keras.optimizers.Adam()
    optimizer.build([variable])
    has(optimizers, optimizer, "_all_reduce_sum_gradients")
    steps, sums = [], []
    optimizer.update_step = lambda gradient, variable, rate: steps.append(variable)
    optimizer._all_reduce_sum_gradients = lambda pairs: sums.append(list(pairs)) or sums[-1]
    optimizer.apply([keras.ops.ones(3)])
    assert len(steps) == 1, relies(optimizers, "how Keras calls update_step")
    has(optimizers, steps[0], "handle", "dtype")
    assert optimizer._get_variable_index(steps[0]) == 0, relies(optimizers, "what update_step gets")
    assert len(sums) == 1, relies(optimizers, "Optimizer._all_reduce_sum_gradients")
    assert isinstance(sums[0][0], tuple), relies(optimizers, "what _all_reduce_sum_gradients gets")


@pytest.mark.engine
def test_keras_draws_its_seeds_from_a_module_that_can_be_exchanged(engine, monkeypatch):
    from keras.src.random import seed_generator

    has(precision, seed_generator, "python_random")
    monkeypatch.setattr(seed_generator, "python_random", SimpleNamespace(randint=lambda low, high: 4711))
    assert seed_generator.make_default_seed() == 4711, relies(precision, "how Keras draws seeds")


@pytest.mark.engine
def test_keras_leads_from_a_result_back_to_its_layer(engine):
    import keras

    entry = keras.Input((4,))
    layer = keras.layers.Dense(2)
    result = layer(entry)
    has(outputs, result, "_keras_history")
    history = result._keras_history
    assert history.operation is layer, relies(outputs, "KerasTensor._keras_history.operation")
    node = layer._inbound_nodes[history.node_index]
    assert node.input_tensors[0] is entry, relies(outputs, "Operation._inbound_nodes")


@pytest.mark.engine
def test_keras_augments_with_seeds_of_our_making(engine):
    import keras
    import tensorflow as tf

    seeds = augmentation._stateless_seeds()(tf.constant([1, 2]))
    layer = keras.layers.RandomContrast(0.9)
    has(augmentation, layer, "get_random_transformation", "transform_images")
    pictures = tf.random.stateless_uniform((8, 4, 4, 3), [3, 4], maxval=255.0)
    change = layer.get_random_transformation(pictures, seed=seeds)
    assert seeds._count > 0, relies(augmentation, "how Keras's layers ask SeedGenerator.next")
    changed = layer.transform_images(pictures, change)
    assert changed.shape == pictures.shape
    assert not np.allclose(changed, pictures), relies(augmentation, "transform_images of Keras's layers")


@pytest.mark.engine
def test_keras_files_name_the_modules_that_our_inspection_knows(engine):
    import keras

    entry = keras.Input((4,))
    kind = type(keras.Model(entry, keras.layers.Dense(2)(entry)))
    assert (kind.__module__, kind.__name__) in parsing._FUNCTIONAL, relies(parsing, "the name of Functional")
    added = keras.ops.add(keras.Input((2,)), keras.Input((2,)))
    module = type(added._keras_history.operation).__module__
    assert module == operations.NUMPY, relies(operations, "the module of Keras's operations")


@pytest.mark.engine
def test_keras_builds_a_network_and_reads_its_weights_in_two_steps(engine):
    from keras.src.applications import convnext, inception_resnet_v2
    from keras.src.saving import saving_lib, serialization_lib

    has(checked_loading, serialization_lib, "ObjectSharingScope", "deserialize_keras_object")
    has(checked_loading, saving_lib, "H5IOStore", "_load_state")
    has(elementwise, convnext, "LayerScale")
    has(elementwise, inception_resnet_v2, "CustomScaleLayer")


@pytest.mark.skipif(sys.platform != "linux", reason="the names of libraries on Linux")
@pytest.mark.parametrize(
    ("module", "package", "pattern"),
    [
        *((loading, "tensorflow", pattern) for pattern in loading._LIBRARIES),
        *((openvino_import, "openvino", pattern) for pattern in OF_OPENVINO),
        (loading, "h5py", "defs.*"),
        *(
            (libraries, package, pattern)
            for package, patterns in (libraries._PICTURE_EXTENSIONS | libraries._CARD_EXTENSIONS).items()
            for pattern in patterns
        ),
    ],
)
def test_shared_objects_have_the_names_under_which_they_are_loaded_beforehand(module, package, pattern):
    folder = libraries.package_folder(package)
    assert list(folder.glob(pattern)), relies(module, f"{package}'s {pattern}")


def test_openvino_asks_for_its_telemetry_only_where_and_how_we_know():
    folder = libraries.package_folder("openvino")
    sources = {path.relative_to(folder): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    asked = {
        (path.parts[:2], name)
        for path, text in sources.items()
        for name in re.findall(r"^\s*(?:import|from)\s+(\w*telemetry\w*)", text, re.MULTILINE)
    }
    assert asked == {(("tools", "ovc"), "openvino_telemetry")}, relies(openvino_import, "who asks for it")
    tools = re.findall(
        r"^( *)from openvino\.tools.*\n(except ImportError)?", sources[Path("__init__.py")], re.MULTILINE
    )
    assert tools == [("    ", "except ImportError")], relies(openvino_import, "how it imports a converter")


def test_waitress_has_the_channel_that_ours_is_made_of():
    has(
        web_server, HTTPChannel,
        "error_task_class", "close_when_flushed", "request", "total_outbufs_len", "will_close",
        "received", "service", "handle_write",
    )  # fmt: skip
    sides = socket.socketpair()
    try:
        channel = HTTPChannel(SimpleNamespace(active_channels={}), sides[0], ("", 0), Adjustments(), map={})
        has(web_server, channel, "requests", "connected", "server", "socket")
        assert channel.requests == [], relies(web_server, "HTTPChannel.requests")
    finally:
        for side in sides:
            side.close()


def test_waitress_has_the_errors_the_server_and_the_loop_that_ours_uses():
    has(web_server, ErrorTask, "execute", "set_close_on_finish", "write")
    has(web_server, TcpWSGIServer, "channel_class", "maintenance", "pull_trigger")
    has(server, ThreadedTaskDispatcher, "add_task", "shutdown")
    has(server, wasyncore, "loop", "close_all")
    listener = socket.create_server(("127.0.0.1", 0))
    made = TcpWSGIServer(
        lambda *_: [],
        map={},
        _sock=listener,
        adj=Adjustments(sockets=[listener]),
        sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        bind_socket=False,
    )
    try:
        has(web_server, made, "active_channels")
        has(server, made, "task_dispatcher", "trigger")
        has(server, made.task_dispatcher, "threads")
    finally:
        made.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
        made.trigger.close()
        wasyncore.dispatcher.close(made)


@pytest.mark.skipif(sys.platform == "win32", reason="libtiff's names cannot be found there")
def test_pillow_holds_libtiff_where_it_is_told_to_be_quiet():
    from PIL import _imaging

    library = ctypes.CDLL(_imaging.__file__)
    has(libtiff, library, "TIFFSetErrorHandler", "TIFFSetWarningHandler")


def test_pillow_says_which_strips_of_a_tiff_there_are():
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, "TIFF")
    with Image.open(file) as image:
        last = image.tile[-1]
        assert tuple(last[1][2:]) == (30, 20), relies(precheck, "TiffImageFile.tile")


def test_pyqtgraph_lays_an_axis_out_apart_from_drawing_it(qapp):
    axis = pg.AxisItem("bottom")
    has(
        curve_axes,
        axis,
        "generateDrawSpecs",
        "drawPicture",
        "picture",
        "tickSpacing",
        "tickValues",
        "tickStrings",
    )
    pixmap = QPixmap(200, 50)
    with QPainter(pixmap) as painter:
        specs = axis.generateDrawSpecs(painter)
        assert specs is None or len(specs) == 3, relies(curve_axes, "AxisItem.generateDrawSpecs")
    axis.picture = object()
    axis.setRange(3, 7)
    assert axis.picture is None, relies(curve_axes, "AxisItem.picture, which a change takes away,")


def test_pyqtgraph_zooms_by_a_box_that_can_be_dressed(qapp):
    view = pg.ViewBox(enableMenu=False)
    has(curve_canvas, view, "rbScaleBox", "showAxRect", "sigRangeChangedManually", "mouseDragEvent")
    view.setMouseMode(pg.ViewBox.RectMode)
    assert view.state["mouseMode"] == pg.ViewBox.RectMode, relies(curve_canvas, "ViewBox.state['mouseMode']")
    has(curve_canvas, pg.GraphicsLayout().layout, "setRowStretchFactor", "setColumnStretchFactor")


def test_pyside_keeps_the_import_that_it_replaces():
    assert callable(getattr(builtins, "__orig_import__", None)), relies(app, "PySide's __orig_import__")


def test_dask_can_be_greeted_without_a_client():
    from distributed import rpc
    from distributed.security import Security
    from distributed.versions import VersionMismatchWarning

    assert issubclass(VersionMismatchWarning, Warning), relies(cluster_link, "VersionMismatchWarning")
    assert isinstance(Security().get_connection_args("client"), dict), relies(cluster_link, "Security")
    assert callable(rpc), relies(cluster_link, "rpc")
