"""Every reason for a device is distinguished, with a sentence and advice."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from desktop_app.core.devices.build import TensorFlowBuild
from desktop_app.core.devices.driver import NvidiaDriver
from desktop_app.core.devices.engine_facts import EngineFacts
from desktop_app.core.devices.host import Host, read_host
from desktop_app.core.devices.probe import DeviceProbe
from desktop_app.core.devices.status import DeviceReason
from tests.core.devices.fake_nvml import FakeNvml

LINUX = Host("linux", cores=2)
CUDA = TensorFlowBuild(cuda=True, cuda_version="12.5.1")
USES_GPU = EngineFacts(built_with_cuda=True, visible_gpus=1)
FINDS_NONE = EngineFacts(built_with_cuda=True, visible_gpus=0)


def read(nvml=None, host=LINUX, build=CUDA, engine=None, library_present=False):
    with DeviceProbe(NvidiaDriver(nvml, library_present), host, build) as probe:
        probe.engine = engine
        return probe.read()


def failing(error: int) -> FakeNvml:
    nvml = FakeNvml()
    nvml.init_error = error
    return nvml


def test_a_gpu_in_use():
    status = read(FakeNvml(), engine=USES_GPU)
    assert status.kind == "gpu"
    assert status.sentence == "GPU: NVIDIA H200, 12%, 3.1 of 139 GB"
    assert status.reason is DeviceReason.IN_USE
    assert status.advice == ""


def test_a_gpu_before_tensorflow_is_loaded():
    status = read(FakeNvml())
    assert (status.kind, status.reason) == ("gpu", DeviceReason.EXPECTED)
    assert "not loaded yet" in status.advice


def test_of_several_gpus_the_used_one_is_shown():
    assert read(FakeNvml(8), engine=USES_GPU).sentence == "GPU: NVIDIA H200 (1 of 8), 12%, 3.1 of 139 GB"
    third_only = dataclasses.replace(LINUX, cuda_visible="2")
    assert read(FakeNvml(8), third_only, engine=USES_GPU).sentence == "GPU: NVIDIA H200, 14%, 5.1 of 139 GB"


@pytest.mark.parametrize("error", [FakeNvml.NVML_ERROR_NOT_SUPPORTED, FakeNvml.NVML_ERROR_NO_PERMISSION])
def test_a_gpu_that_does_not_tell_its_load(error):
    nvml = FakeNvml()
    nvml.load_error = error
    assert read(nvml, engine=USES_GPU).sentence == "GPU: NVIDIA H200, 3.1 of 139 GB"


def test_names_as_bytes_from_an_old_nvml():
    nvml = FakeNvml()
    nvml.name = b"Tesla T4"
    assert read(nvml, engine=USES_GPU).sentence.startswith("GPU: Tesla T4, ")


def test_a_gpu_in_use_without_nvml():
    named = EngineFacts(built_with_cuda=True, visible_gpus=1, gpu_name="NVIDIA L4")
    status = read(library_present=True, engine=named)
    assert status.sentence == "GPU: NVIDIA L4"
    assert "nvidia-ml-py" in status.advice
    assert read(library_present=True).sentence == "GPU: NVIDIA GPU"


@pytest.mark.parametrize(
    "nvml",
    [None, failing(FakeNvml.NVML_ERROR_LIBRARY_NOT_FOUND), failing(FakeNvml.NVML_ERROR_DRIVER_NOT_LOADED)],
)
def test_no_driver(nvml):
    status = read(nvml, engine=FINDS_NONE)
    assert status.kind == "cpu"
    assert status.sentence == "CPU (2 cores): no NVIDIA driver found"
    assert status.reason is DeviceReason.NO_DRIVER
    assert "install NVIDIA's driver" in status.advice


def test_no_driver_inside_windows_names_windows():
    assert "in Windows" in read(host=Host("linux", cores=1, wsl=True)).advice


def test_one_core_is_not_plural():
    assert read(host=Host("linux", cores=1)).sentence.startswith("CPU (1 core): ")


def test_driver_versions_differ():
    status = read(failing(FakeNvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH))
    assert status.reason is DeviceReason.DRIVER_MISMATCH
    assert "Start the computer again" in status.advice


def test_the_driver_reports_an_error():
    status = read(failing(999))
    assert status.reason is DeviceReason.DRIVER_ERROR
    assert status.sentence == "CPU (2 cores): the NVIDIA driver reports an error (NVML error 999)"


def test_a_driver_without_gpu():
    assert read(FakeNvml(0)).reason is DeviceReason.NO_GPU


@pytest.mark.parametrize("variable", ["", "-1", "9", "-1,0", "nonsense", "GPU-unknown"])
def test_hidden_by_the_environment(variable):
    status = read(FakeNvml(), Host("linux", cores=2, cuda_visible=variable), engine=FINDS_NONE)
    assert status.reason is DeviceReason.HIDDEN
    assert f"'{variable}'" in status.advice


@pytest.mark.parametrize(("variable", "hidden"), [("", True), ("-1", True), ("0", False), ("GPU-ab", False)])
def test_hidden_is_recognised_without_nvml(variable, hidden):
    host = Host("linux", cores=2, cuda_visible=variable)
    assert (read(host=host, library_present=True).reason is DeviceReason.HIDDEN) == hidden


def test_a_build_without_cuda_by_its_files_and_by_its_word():
    without = TensorFlowBuild(cuda=False)
    assert read(FakeNvml(), build=without).reason is DeviceReason.NO_CUDA_BUILD
    engine = EngineFacts(built_with_cuda=False, visible_gpus=0)
    assert read(FakeNvml(), build=TensorFlowBuild(), engine=engine).reason is DeviceReason.NO_CUDA_BUILD


@pytest.mark.parametrize("engine", [None, EngineFacts(built_with_cuda=False, visible_gpus=0)])
def test_the_packaged_app_says_that_it_is_for_the_processor(engine):
    packaged = dataclasses.replace(LINUX, frozen=True)
    status = read(FakeNvml(), packaged, TensorFlowBuild(cuda=False), engine)
    assert status.kind == "cpu"
    assert status.reason is DeviceReason.NO_CUDA_BUILD
    assert status.sentence == "CPU (2 cores): this build is for the processor, not for the NVIDIA H200"
    assert "from the Python package index" in status.advice
    assert "sightline[gpu]" in status.advice


def test_a_packaged_app_is_recognised(monkeypatch):
    assert not read_host().frozen
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert read_host().frozen


@pytest.mark.parametrize("nvml", [None, FakeNvml(0)])
def test_without_a_card_the_packaged_app_speaks_of_no_other_version(nvml):
    status = read(nvml, dataclasses.replace(LINUX, frozen=True), TensorFlowBuild(cuda=False))
    assert status.reason in {DeviceReason.NO_DRIVER, DeviceReason.NO_GPU}
    assert "index" not in status.advice


def test_with_a_card_the_packaged_app_does_not_send_for_a_newer_driver():
    mismatch = failing(FakeNvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH)
    status = read(mismatch, dataclasses.replace(LINUX, frozen=True), TensorFlowBuild(cuda=False))
    assert status.reason is DeviceReason.NO_CUDA_BUILD
    assert status.sentence.endswith("not for the NVIDIA GPU")


def test_cuda_libraries_missing():
    build = dataclasses.replace(CUDA, missing_libraries=("libcudnn.so.9", "libcublas.so.12"))
    status = read(FakeNvml(), build=build, engine=FINDS_NONE)
    assert status.reason is DeviceReason.CUDA_LIBRARIES_MISSING
    assert "libcudnn.so.9, libcublas.so.12" in status.advice


def test_what_tensorflow_uses_counts_more_than_files():
    build = dataclasses.replace(CUDA, missing_libraries=("libcudnn.so.9",))
    assert read(FakeNvml(), build=build, engine=USES_GPU).reason is DeviceReason.IN_USE


def test_a_driver_too_old_for_this_cuda():
    nvml = FakeNvml()
    nvml.cuda_version = 11080
    status = read(nvml, engine=FINDS_NONE)
    assert status.reason is DeviceReason.DRIVER_TOO_OLD
    assert "up to 11" in status.advice


def test_nothing_in_the_way_and_yet_unused():
    status = read(FakeNvml(), engine=FINDS_NONE)
    assert status.kind == "cpu"
    assert status.reason is DeviceReason.NOT_USED
    assert status.sentence == "CPU (2 cores): TensorFlow does not use the NVIDIA H200"


def test_windows_without_wsl():
    status = read(FakeNvml(), Host("win32", cores=8), TensorFlowBuild(cuda=False))
    assert status.reason is DeviceReason.WINDOWS_WITHOUT_WSL
    assert "wsl --install" in status.advice


def test_apple_without_and_with_the_plug_in():
    no_cuda = TensorFlowBuild(cuda=False)
    mac = Host("darwin", cores=8)
    assert read(host=mac, build=no_cuda).reason is DeviceReason.APPLE_WITHOUT_PLUGIN
    mac = dataclasses.replace(mac, metal_plugin=True)
    assert read(host=mac, build=no_cuda).sentence == "GPU: Apple GPU"
    engine = EngineFacts(built_with_cuda=False, visible_gpus=1)
    assert read(host=mac, build=no_cuda, engine=engine).reason is DeviceReason.IN_USE


def test_every_reason_but_use_has_advice():
    mac, windows = Host("darwin", cores=8), Host("win32", cores=8)
    for status in (
        read(),
        read(failing(18)),
        read(failing(999)),
        read(FakeNvml(0)),
        read(host=mac),
        read(FakeNvml(), windows),
        read(FakeNvml(), engine=FINDS_NONE),
    ):
        assert status.advice.endswith(".")


def test_the_handle_is_opened_once_and_closed_once():
    nvml = FakeNvml()
    probe = DeviceProbe(NvidiaDriver(nvml, library_present=True), LINUX, CUDA)
    for _ in range(3):
        probe.read()
    assert (nvml.opened, nvml.closed) == (1, 0)
    probe.close()
    probe.close()
    assert (nvml.opened, nvml.closed) == (1, 1)


def test_an_error_while_reading_is_told_and_the_next_reading_recovers():
    nvml = FakeNvml()
    with DeviceProbe(NvidiaDriver(nvml, library_present=True), LINUX, CUDA) as probe:
        nvml.load_error = FakeNvml.NVML_ERROR_GPU_IS_LOST
        assert probe.read().reason is DeviceReason.DRIVER_ERROR
        nvml.load_error = None
        assert probe.read().reason is DeviceReason.EXPECTED
    assert (nvml.opened, nvml.closed) == (2, 2)


def test_the_real_machine_gets_a_sentence():
    with DeviceProbe() as probe:
        assert probe.read().sentence.startswith(("GPU: ", "CPU ("))
