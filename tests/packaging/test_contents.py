"""What stays out of the frozen app, and what must not."""

import sys

import pytest


@pytest.mark.parametrize(
    "place",
    [
        "tensorflow/include/tensorflow/core/public/session.h",
        "tensorflow/compiler/mlir/stablehlo/stablehlo_extension.so",
        "tensorflow\\compiler\\tf2xla\\ops\\_xla_ops.so",
        "tensorflow/lite/python/_pywrap_string_util.so",
        "tensorflow/lite/python/libpywrap_tflite_common.so",
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6/Qt/plugins/platforms/libqminimalegl.so",
        "numpy/f2py/src/fortranobject.c",
        "keras-3.15.1.dist-info/RECORD",
        "pydantic/main.pyi",
    ],
)
def test_what_nobody_loads_stays_out(script, place):
    assert script("frozen.contents").excluded(place)


@pytest.mark.parametrize(
    "place",
    [
        "tensorflow/libtensorflow_cc.so.2",
        "tensorflow/python/profiler/internal/_pywrap_profiler_plugin.so",
        "tensorflow/lite/python/metrics/_pywrap_tensorflow_lite_metrics_wrapper.so",
        "tensorflow/python/debug/__init__.pyc",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/lib/libQt6OpenGLWidgets.so.6",
        "models/everyday/model.keras",
        "resources/imagenet_labels.csv",
        "resources/samples/cat.jpg",
        "certifi/cacert.pem",
        "keras-3.15.1.dist-info/METADATA",
        "keras-3.15.1.dist-info/licenses/LICENSE",
    ],
)
def test_what_the_app_needs_is_kept(script, place):
    assert not script("frozen.contents").excluded(place)


@pytest.mark.parametrize(
    ("source", "of_system"),
    [
        ("/lib/x86_64-linux-gnu/libX11.so.6", True),
        ("/usr/lib/x86_64-linux-gnu/libstdc++.so.6", True),
        ("/usr/lib/x86_64-linux-gnu/libgssapi_krb5.so.2", True),
        ("/usr/lib/x86_64-linux-gnu/libssl.so.3", False),
        ("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", False),
        ("/usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", False),
        ("/usr/lib/python3/dist-packages/numpy/core/_multiarray.so", False),
        ("/build/lib/python3.11/site-packages/PIL/_imaging.so", False),
        ("/libraries/libX11.so.6", False),
    ],
)
def test_libraries_of_the_building_system_are_left_to_the_user_s_own(script, monkeypatch, source, of_system):
    monkeypatch.setattr(sys, "platform", "linux")
    assert script("frozen.contents").belongs_to_system(source) is of_system


def test_other_systems_bundle_what_was_found(script, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not script("frozen.contents").belongs_to_system("/usr/lib/libz.dylib")


def test_only_binaries_are_left_to_the_system(script, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    library = "/usr/lib/x86_64-linux-gnu/libX11.so.6"
    entries = [
        ("libX11.so.6", library, "BINARY"),
        ("data/libX11.so.6", library, "DATA"),
        ("numpy/a.pyi", "/build/a.pyi", "DATA"),
        ("models/everyday/card.json", "/build/card.json", "DATA"),
    ]
    assert script("frozen.contents").kept(entries) == [entries[1], entries[3]]


def test_no_link_leads_to_what_stays_out(script):
    gone = ("libpywrap_tflite_common.so", "tensorflow/lite/python/libpywrap_tflite_common.so", "SYMLINK")
    also = ("PySide6/libQt6Test.so.6", "Qt/lib/libQt6Test.so.6", "SYMLINK")
    stays = ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK")
    assert script("frozen.contents").kept([gone, also, stays]) == [stays]


def test_every_exclusion_has_a_reason(script):
    contents = script("frozen.contents")
    assert all(contents.MODULES.values())
    assert all(rule.reason and rule.patterns for rule in contents.RULES)


@pytest.mark.parametrize(
    ("place", "stripped"),
    [
        ("tensorflow/libtensorflow_cc.so.2", True),
        ("tensorflow/python/lib_pywrap_tensorflow_common.so", True),
        ("libpython3.11.so.1.0", True),
        ("numpy.libs/libscipy_openblas64_-32a4b2a6.so", False),
        ("pillow_heif.libs/libx265-4883ecb5.so.217", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", False),
    ],
)
def test_repaired_wheels_are_not_stripped(script, place, stripped):
    assert script("frozen.contents").is_stripped(place) is stripped
