"""What stays out of the frozen app, and what must not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.core.engine import libraries

OPENVINO_LIBRARIES = (
    *("libhwloc.so.15", "libtbb.so.12", "libtbbbind_2_5.so.3", "libtbbmalloc.so.2"),
    *("libopenvino.so.2641", "libopenvino_intel_cpu_plugin.so", "libopenvino_ir_frontend.so.2641"),
    *("libopenvino_onnx_frontend.so.2641", "libopenvino_tensorflow_frontend.so.2641"),
    "libopenvino_tensorflow_lite_frontend.so.2641",
)


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
        "onnx/backend/test/data/simple/test_gru/model.onnx",
        "keras-3.15.1.dist-info/RECORD",
        "pydantic/main.pyi",
        *("openvino/libs/libopenvino_intel_gpu_plugin.so", "openvino/libs/libopenvino_intel_npu_plugin.so"),
        *("openvino/libs/libopenvino_auto_plugin.so", "openvino/libs/libopenvino_hetero_plugin.so"),
        *("openvino/libs/libopenvino_gguf_frontend.so.2641", "openvino/libs/libopenvino_c.so.2641"),
        *("openvino/libs/libopenvino_pytorch_frontend.so.2641", "openvino/libs/cache.json"),
        "openvino/frontend/onnx/py_onnx_frontend.cpython-311-x86_64-linux-gnu.so",
        *("PIL/_imagingft.cpython-311-x86_64-linux-gnu.so", "pillow.libs/libfreetype-57f805ba.so.6.20.6"),
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
        *("onnx/onnx_cpp2py_export.cpython-311-x86_64-linux-gnu.so", "tf2onnx-1.17.0.dist-info/METADATA"),
        # The converter to LiteRT and its interpreter, which lean on TensorFlow's own library.
        "tensorflow/compiler/mlir/lite/python/_pywrap_converter_api.so",
        "tensorflow/lite/python/interpreter_wrapper/_pywrap_tensorflow_interpreter_wrapper.so",
        "keras-3.15.1.dist-info/METADATA",
        "keras-3.15.1.dist-info/licenses/LICENSE",
        *("PIL/_imaging.cpython-311-x86_64-linux-gnu.so", "pillow.libs/libtiff-20b7e810.so.6.3.0"),
        *(f"openvino/libs/{name}" for name in OPENVINO_LIBRARIES),
        "openvino/_pyopenvino.cpython-311-x86_64-linux-gnu.so",
        "openvino-2026.4.1.dist-info/licenses/licensing/onetbb_third-party-programs.txt",
    ],
)
def test_what_the_app_needs_is_kept(script, place):
    assert not script("frozen.contents").excluded(place)


# Names as in the wheels of TensorFlow 2.20, Qt 6.11 and OpenVINO 2026.4, where PyInstaller puts them.
@pytest.mark.parametrize(
    "place",
    [
        r"tensorflow\include\tensorflow\core\public\session.h",
        r"tensorflow\python\_pywrap_tensorflow_common.dll.if.lib",
        r"tensorflow\lite\python\pywrap_tflite_common.dll",
        r"tensorflow\lite\python\_pywrap_tflite_7_shared_object.dll",
        r"tensorflow\lite\python\_pywrap_string_util.pyd",
        r"tensorflow\lite\python\pywrap_genai_ops.pyd",
        r"tensorflow\lite\python\format_converter_wrapper_pybind11.pyd",
        r"tensorflow\compiler\mlir\stablehlo\stablehlo_extension.pyd",
        r"tensorflow\compiler\tf2xla\ops\_xla_ops.so",
        r"tensorflow\python\_pywrap_tfcompile.pyd",
        r"tensorflow\python\_pywrap_toco_api.pyd",
        r"tensorflow\python\framework\_native_proto_caster.dll",
        r"tensorflow\python\autograph\impl\testing\pybind_for_testing.pyd",
        r"numpy\_core\_multiarray_tests.cp311-win_amd64.pyd",
        r"PySide6\translations\qt_de.qm",
        r"PySide6\plugins\generic\qtuiotouchplugin.dll",
        r"PySide6\plugins\networkinformation\qnetworklistmanager.dll",
        r"PySide6\plugins\platforms\qdirect2d.dll",
        r"PySide6\plugins\platforms\qminimal.dll",
        r"PySide6\Qt6Test.dll",
        "tensorflow/lite/python/libpywrap_tflite_common.dylib",
        "tensorflow/lite/python/lib_pywrap_tflite_7_shared_object.dylib",
        "tensorflow/python/framework/lib_native_proto_caster.dylib",
        "PySide6/Qt/plugins/generic/libqtuiotouchplugin.dylib",
        "PySide6/Qt/plugins/networkinformation/libqapplenetworkinformation.dylib",
        "PySide6/Qt/plugins/platforms/libqminimal.dylib",
        "PySide6/Qt/lib/QtTest.framework/Versions/A/QtTest",
        "PySide6/Qt/lib/QtTest.framework/Resources/Info.plist",
        r"openvino\libs\openvino_intel_gpu_plugin.dll",
        r"openvino\libs\openvino_intel_npu_compiler.dll",
        r"openvino\libs\openvino_auto_batch_plugin.dll",
        r"openvino\libs\openvino_paddle_frontend.dll",
        r"openvino\libs\openvino_c.dll",
        r"openvino\libs\openvino.lib",
        r"openvino\libs\tbbmalloc_proxy.dll",
        r"openvino\frontend\pytorch\py_pytorch_frontend.cp311-win_amd64.pyd",
        "openvino/libs/libopenvino_jax_frontend.2641.dylib",
        "openvino/libs/libopenvino_c.2641.dylib",
        "openvino/libs/libtbbmalloc_proxy.2.dylib",
        "openvino/frontend/tensorflow/py_tensorflow_frontend.cpython-311-darwin.so",
    ],
)
def test_what_nobody_loads_stays_out_on_windows_and_macos(script, place):
    assert script("frozen.contents").excluded(place)


@pytest.mark.parametrize(
    "place",
    [
        r"tensorflow\tensorflow_cc.2.dll",
        r"tensorflow\python\_pywrap_tensorflow_common.dll",
        r"tensorflow\python\_pywrap_tensorflow_internal.pyd",
        r"tensorflow\python\_pywrap_tfe.pyd",
        r"tensorflow\lite\python\metrics\_pywrap_tensorflow_lite_metrics_wrapper.pyd",
        r"PySide6\Qt6Core.dll",
        r"PySide6\Qt6OpenGLWidgets.dll",
        r"PySide6\QtWidgets.pyd",
        r"PySide6\plugins\iconengines\qsvgicon.dll",
        r"PySide6\plugins\platforms\qoffscreen.dll",
        r"PySide6\plugins\platforms\qwindows.dll",
        r"PySide6\plugins\styles\qmodernwindowsstyle.dll",
        r"PIL\_imaging.cp311-win_amd64.pyd",
        r"resources\samples\cat.jpg",
        "python311.dll",
        "tensorflow/libtensorflow_cc.2.dylib",
        "tensorflow/python/lib_pywrap_tensorflow_common.dylib",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/platforms/libqoffscreen.dylib",
        "PySide6/Qt/plugins/styles/libqmacstyle.dylib",
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/Qt/lib/QtOpenGL.framework/Versions/A/QtOpenGL",
        "libpython3.11.dylib",
        r"openvino\libs\openvino.dll",
        r"openvino\libs\openvino_intel_cpu_plugin.dll",
        r"openvino\libs\openvino_tensorflow_lite_frontend.dll",
        r"openvino\libs\tbb12.dll",
        r"openvino\libs\tbbbind_2_5.dll",
        r"openvino\_pyopenvino.cp311-win_amd64.pyd",
        "openvino/libs/libopenvino.2641.dylib",
        "openvino/libs/libopenvino_arm_cpu_plugin.so",
        "openvino/libs/libopenvino_onnx_frontend.2641.dylib",
        "openvino/libs/libtbb.12.dylib",
        "openvino/libs/libhwloc.dylib",
    ],
)
def test_what_the_app_needs_is_kept_on_windows_and_macos(script, place):
    assert not script("frozen.contents").excluded(place)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (r"PySide6\Qt6Core.dll", "PySide6/Qt/lib/libQt6Core.so"),
        (r"PySide6\plugins\platforms\qwindows.dll", "PySide6/Qt/plugins/platforms/libqwindows.so"),
        (r"tensorflow\python\_pywrap_tfe.pyd", "tensorflow/python/_pywrap_tfe.so"),
        (
            "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
            "PySide6/Qt/lib/libQt6Core.so/Versions/A/QtCore",
        ),
        ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_cc.so.2"),
    ],
)
def test_libraries_are_called_as_on_linux(script, place, name):
    assert script("frozen.contents").linux_name(place) == name


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
    apple = ("QtTest", "PySide6/Qt/lib/QtTest.framework/Versions/A/QtTest", "SYMLINK")
    stays = ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK")
    assert script("frozen.contents").kept([gone, also, apple, stays]) == [stays]


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


def test_openvino_works_with_what_is_kept_of_it(script, tmp_path):
    """Only those files are in its folder, and the self-test finds nothing missing."""
    package = libraries.package_folder("openvino")
    left_out = {name.partition(".")[2].replace(".", "/") for name in script("frozen.contents").MODULES}
    for path in package.rglob("*"):
        place = path.relative_to(package.parent)
        parents = {parent.relative_to("openvino").as_posix() for parent in place.parents[:-1]}
        if path.is_file() and not parents & left_out and not script("frozen.contents").excluded(str(place)):
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(path, tmp_path / place)
    kept = {path.name for path in (tmp_path / "openvino" / "libs").iterdir()}
    assert len(kept) < len(list((package / "libs").iterdir())) / 2
    check = """
import sys
from pathlib import Path
from desktop_app.core.health.openvino import check_openvino
print(check_openvino(Path(sys.argv[1])))
import openvino
assert Path(openvino.__file__).is_relative_to(sys.argv[2])
"""
    done = subprocess.run(
        [sys.executable, "-c", check, tmp_path / "network", tmp_path],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "computes as NumPy does" in done.stdout


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def test_what_is_frozen_of_openvino_is_listed_whole(script):
    listed = {Path(source).name: place for source, place in script("frozen.platforms").openvino_libraries()}
    assert set(listed.values()) == {"openvino/libs"}
    assert any("cpu_plugin" in name for name in listed)
    assert not any("gpu" in name or name.endswith((".json", ".pc")) for name in listed)
