"""TensorFlow's abilities are read from its files."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_app.core.devices import build
from desktop_app.core.devices.build import TensorFlowBuild, read_build

CUDA_TEXT = "OrderedDict([('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True)])"
LIBRARIES = {
    "cuda_runtime": "libcudart.so.12",
    "cublas": "libcublas.so.12",
    "cudnn": "libcudnn.so.9",
    "cufft": "libcufft.so.11",
    "cusolver": "libcusolver.so.11",
    "cusparse": "libcusparse.so.12",
}


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    return tmp_path


def install(site, text=CUDA_TEXT, libraries=LIBRARIES):
    info = site / "tensorflow/python/platform/build_info.py"
    info.parent.mkdir(parents=True)
    info.write_text(f"build_info = {text}\n")
    for package, name in libraries.items():
        folder = site / "nvidia" / package / "lib"
        folder.mkdir(parents=True)
        (folder / name).touch()
    return read_build(site / "tensorflow", loader_cache=site / "ld.so.cache")


def test_a_complete_cuda_build(site):
    assert install(site) == TensorFlowBuild(cuda=True, cuda_version="12.5.1")


def test_a_build_without_cuda(site):
    text = "OrderedDict([('is_cuda_build', False), ('is_rocm_build', False)])"
    assert install(site, text, {}) == TensorFlowBuild(cuda=False)


def test_missing_libraries_are_named(site):
    build = install(site, libraries={"cublas": "libcublas.so.11", "cufft": "libcufft.so.11"})
    assert build.missing_libraries == (
        "libcudart.so.12",
        "libcublas.so.12",
        "libcudnn.so.9",
        "libcusolver.so",
        "libcusparse.so",
    )


def test_libraries_of_the_system_count(site, monkeypatch):
    (site / "ld.so.cache").write_bytes(b"\0libcudnn.so.9\0/usr/lib/libcudnn.so.9\0")
    (site / "toolkit").mkdir()
    (site / "toolkit/libcudart.so.12").touch()
    monkeypatch.setenv("LD_LIBRARY_PATH", str(site / "toolkit"))
    rest = {key: LIBRARIES[key] for key in ("cublas", "cufft", "cusolver", "cusparse")}
    assert install(site, libraries=rest).missing_libraries == ()


def test_a_layout_without_the_generated_file_is_unknown(tmp_path):
    assert read_build(tmp_path / "tensorflow") == TensorFlowBuild()


def test_without_sources_the_name_of_the_distribution_tells_the_build_for_processors(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "installed_version", {"tensorflow-cpu": "2.20.0"}.get)
    assert read_build(tmp_path / "tensorflow") == TensorFlowBuild(cuda=False)


def test_the_installed_one_is_read_without_importing_it():
    code = (
        "import sys; from desktop_app.core.devices.probe import DeviceProbe; DeviceProbe().read();"
        "assert 'tensorflow' not in sys.modules and 'PySide6' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert read_build().cuda is not None
