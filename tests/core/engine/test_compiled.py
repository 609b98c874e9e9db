"""Networks run by OpenVINO, and what it does that nobody would guess."""

from __future__ import annotations

import os
import sys
import threading

import numpy as np
import pytest

from desktop_app.core.engine import compiled
from desktop_app.core.engine.compiled import (
    CompiledNetwork,
    NotFinite,
    Part,
    Processor,
    check_finite,
    openvino_core,
    read_network,
    read_processor,
    reason_of,
)
from desktop_app.core.engine.mapped_file import HeldWeights
from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.networks.opset import OpsetGraph

SIDE = 6
random = np.random.default_rng(7)
KERNEL = random.uniform(-0.005, 0.01, (SIDE * SIDE * 3, 4)).astype(np.float32)
BIAS = random.normal(0, 1, 4).astype(np.float32)
PICTURES = random.integers(0, 256, (5, SIDE, SIDE, 3), dtype=np.uint8)


def dense_model(kernel=KERNEL, bias=BIAS):
    """A network of one dense layer and ReLU: what it computes can be told with NumPy."""
    graph = OpsetGraph()
    pixels = graph.pictures(SIDE, SIDE)
    values = graph.flattened(graph.channels_first(graph.prepared(pixels, "none")))
    return graph.model(pixels, [graph.relu(graph.dense(values, kernel, bias))], "dense")


def expected(pictures=PICTURES, kernel=KERNEL, bias=BIAS):
    flat = np.asarray(pictures, np.float32).reshape(len(pictures), -1)
    return np.maximum(flat @ kernel + bias, 0)


def saved(folder, model, name="network"):
    path = folder / f"{name}.xml"
    load_openvino().save_model(model, path, compress_to_fp16=False)
    return path


@pytest.fixture(scope="module")
def network():
    return CompiledNetwork(dense_model(), "float32", 2)


def test_computes_what_the_network_says(network):
    (found,) = network.run(PICTURES)
    assert found.dtype == np.float32
    assert found == pytest.approx(expected(), abs=1e-3)
    assert (found > 0).mean() > 0.5
    assert network.widths == (4,)


def test_no_pictures_give_no_answers(network):
    (found,) = network.run(PICTURES[:0])
    assert found.shape == (0, 4)


def test_a_picture_has_the_same_answer_alone_and_in_a_batch(network):
    (together,) = network.run(PICTURES)
    alone = np.concatenate([network.run(PICTURES[number : number + 1])[0] for number in range(5)])
    assert (together == alone).all()


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_number_of_threads_does_not_change_an_answer(network, threads):
    (found,) = CompiledNetwork(dense_model(), "float32", threads).run(PICTURES)
    assert (found == network.run(PICTURES)[0]).all()


def test_the_precision_is_set_and_never_left_to_openvino(monkeypatch):
    settings = []
    core = openvino_core()

    class Listening:
        def compile_model(self, model, device, chosen):
            settings.append(chosen)
            return core.compile_model(model, device, chosen)

    monkeypatch.setattr(compiled, "_core", Listening())
    network = CompiledNetwork(dense_model(), "float32")
    assert settings[0]["INFERENCE_PRECISION_HINT"] == "f32"
    assert settings[0]["CACHE_DIR"] == ""
    (one,) = network._compiled
    assert one.get_property("INFERENCE_PRECISION_HINT").to_string() == "f32"
    assert one.get_property("LOADED_FROM_CACHE") is False
    assert int(one.get_property("NUM_STREAMS")) == 1


def test_bfloat16_is_computed_or_refused_but_never_only_named():
    if read_processor().has_bfloat16:
        network = CompiledNetwork(dense_model(), "bfloat16")
        assert network._compiled[0].get_property("INFERENCE_PRECISION_HINT").to_string() == "bf16"
    else:
        with pytest.raises(ModelError, match="cannot compute in bfloat16 on this processor"):
            CompiledNetwork(dense_model(), "bfloat16")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["kernel", "bias"])
def test_weights_that_are_no_numbers_are_refused(value, where):
    kernel, bias = KERNEL.copy(), BIAS.copy()
    (kernel if where == "kernel" else bias)[-1] = value
    with pytest.raises(NotFinite, match=r"hold numbers that are none \(NaN or infinity\)"):
        CompiledNetwork(dense_model(kernel, bias))


def test_infinities_of_both_signs_do_not_hide_each_other():
    bias = BIAS.copy()
    bias[:2] = np.inf, -np.inf
    with pytest.raises(NotFinite):
        CompiledNetwork(dense_model(bias=bias))


def test_weights_whose_sum_is_too_large_are_still_numbers():
    check_finite(dense_model(bias=np.full(4, 3e38, np.float32)))


@pytest.mark.parametrize("kind", ["f16", "bf16", "f64"])
@pytest.mark.parametrize("value", [1.0, np.nan, np.inf])
def test_constants_of_other_kinds_are_looked_at(kind, value):
    openvino = load_openvino()
    ops = openvino.opset13
    entry = ops.parameter([1, 2], np.float32)
    kind = {"f16": openvino.Type.f16, "bf16": openvino.Type.bf16, "f64": openvino.Type.f64}[kind]
    stored = ops.constant(np.array([[1.0, value]], np.float32), kind)
    model = openvino.Model([ops.add(entry, ops.convert(stored, "f32"))], [entry], "sum")
    if np.isfinite(value):
        check_finite(model)
    else:
        with pytest.raises(NotFinite):
            check_finite(model)


def test_weights_in_a_file_are_looked_at(tmp_path):
    kernel = KERNEL.copy()
    kernel[3, 2] = np.nan
    with pytest.raises(NotFinite):
        CompiledNetwork(read_network(saved(tmp_path, dense_model(kernel))))


def test_saved_numbers_stay_what_they_are(tmp_path):
    bias = np.array([1e5, 1e-9, -1e6, 1 / 3], np.float32)
    network = CompiledNetwork(read_network(saved(tmp_path, dense_model(KERNEL * 0, bias))))
    (found,) = network.run(PICTURES[:1])
    assert (found[0] == np.maximum(bias, 0)).all()


@pytest.mark.parametrize("replaced", [(".bin",), (".xml", ".bin")])
def test_replaced_weights_answer_at_once(tmp_path, replaced):
    """With its cache, OpenVINO would go by name and time of the .xml, and answer with the old weights."""
    (tmp_path / "new").mkdir()
    path = saved(tmp_path, dense_model())
    new = saved(tmp_path / "new", dense_model(KERNEL * 2, BIAS * 2))
    old_answer = CompiledNetwork(read_network(path)).run(PICTURES)[0]
    for ending in replaced:
        file, other = path.with_suffix(ending), new.with_suffix(ending)
        status = file.stat()
        assert other.stat().st_size == status.st_size
        os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
        other.replace(file)
    found = CompiledNetwork(read_network(path)).run(PICTURES)[0]
    assert found == pytest.approx(2 * old_answer, rel=1e-5)


def test_a_network_in_use_keeps_its_weights_when_the_file_is_replaced(tmp_path):
    (tmp_path / "new").mkdir()
    path = saved(tmp_path, dense_model())
    network = CompiledNetwork(read_network(path))
    before = network.run(PICTURES)[0]
    new = saved(tmp_path / "new", dense_model(KERNEL * 2))
    for ending in (".xml", ".bin"):
        new.with_suffix(ending).replace(path.with_suffix(ending))
    assert (network.run(PICTURES)[0] == before).all()


def test_earlier_answers_do_not_change(network):
    first = [network.run(PICTURES[number : number + 1])[0] for number in range(5)]
    kept = [answer.copy() for answer in first]
    network.run(PICTURES[::-1])
    assert all((answer == copy).all() for answer, copy in zip(first, kept, strict=True))
    assert len({answer.tobytes() for answer in first}) == 5


def test_several_threads_may_call_at_once(network):
    """One request of OpenVINO's, called from two threads, says that it is busy."""
    wanted = network.run(PICTURES)[0]
    start = threading.Barrier(4)
    failures = []

    def ask():
        start.wait()
        for number in range(60):
            index = number % len(PICTURES)
            (found,) = network.run(PICTURES[index : index + 1])
            if not (found[0] == wanted[index]).all():
                failures.append(index)

    def guarded():
        try:
            ask()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_other_threads_go_on_while_it_computes(network):
    """Python hands its lock to nobody by itself here, so a thread counts on only where it is given up."""
    counted = [0]
    done = threading.Event()

    def count():
        while not done.is_set():
            counted[0] += 1
            os.sched_yield()  # gives the lock up

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=count)
    thread.start()
    sys.setswitchinterval(1000)
    try:
        before = counted[0]
        calls = 0
        while counted[0] == before and calls < 20_000:
            network.run(PICTURES)
            calls += 1
        assert counted[0] > before
    finally:
        sys.setswitchinterval(interval)
        done.set()
        thread.join()


@pytest.mark.parametrize(
    "changed",
    [
        np.asfortranarray,
        lambda pictures: np.repeat(pictures, 2, axis=2)[:, :, ::2],
        lambda pictures: pictures[:, ::-1, ::-1].copy()[:, ::-1, ::-1],
        lambda pictures: np.frombuffer(pictures.tobytes(), np.uint8).reshape(pictures.shape),
        lambda pictures: np.pad(pictures, ((0, 0), (1, 1), (1, 1), (0, 1)))[:, 1:-1, 1:-1, :3],
    ],
    ids=["column order", "strided", "reversed", "read-only", "cut out"],
)
def test_any_array_of_the_same_pixels_has_the_same_answer(network, changed):
    pictures = changed(PICTURES)
    assert (pictures == PICTURES).all()
    assert (network.run(pictures)[0] == network.run(PICTURES)[0]).all()


@pytest.mark.parametrize("order", ["<f4", ">f4"])
def test_numbers_in_either_byte_order_are_read_right(order):
    graph = OpsetGraph()
    values = graph.values(2, 2)
    model = graph.model(values, [graph.channel_means(graph.channels_first(values))], "means")
    pictures = np.arange(24, dtype=np.float32).reshape(2, 2, 2, 3)
    (found,) = CompiledNetwork(model).run(pictures.astype(order))
    assert (found == pictures.mean(axis=(1, 2))).all()


@pytest.mark.parametrize(
    "pictures",
    [
        PICTURES.astype(np.float32),
        PICTURES.astype(np.int16),
        PICTURES[0],
        PICTURES[:, 1:],
        PICTURES[..., :1],
        PICTURES[None],
    ],
    ids=["float", "int16", "no batch", "too small", "grey", "too deep"],
)
def test_other_arrays_are_refused(network, pictures):
    with pytest.raises(ValueError, match="in place of uint8"):
        network.run(pictures)


def test_an_output_that_is_no_row_is_refused():
    graph = OpsetGraph()
    pixels = graph.pictures(SIDE, SIDE)
    with pytest.raises(ModelError, match="more than a row for a picture"):
        CompiledNetwork(graph.model(pixels, [graph.prepared(pixels, "unit")], "pixels"))


def test_an_output_of_unknown_size_is_refused():
    openvino = load_openvino()
    ops = openvino.opset13
    pixels = ops.parameter([-1, 2, 2, 3], np.uint8)
    found = ops.non_zero(pixels, "i64")
    with pytest.raises(ModelError, match="OpenVINO cannot run this network"):
        CompiledNetwork(openvino.Model([found], [pixels], "places"))


def test_what_openvino_raises_becomes_a_sentence(network, monkeypatch):
    def fail(*_arguments, **_options):
        raise RuntimeError("Exception from src/x.cpp:1:\nCheck 'a' failed at y.cpp:2:\nThe node is odd.\n\n")

    monkeypatch.setattr(network, "_compute", fail)
    with pytest.raises(ModelError, match=r"^OpenVINO failed: The node is odd\.$"):
        network.run(PICTURES[:2])


@pytest.mark.parametrize("words", ["std::bad_alloc", "Failed to allocate 12 bytes of memory"])
def test_too_little_memory_is_told_apart(network, monkeypatch, words):
    def fail(*_arguments, **_options):
        raise RuntimeError(words)

    monkeypatch.setattr(network, "_compute", fail)
    with pytest.raises(MemoryError):
        network.run(PICTURES[:2])


def test_a_failed_call_leaves_the_next_one_alone(network, monkeypatch):
    wanted = network.run(PICTURES[:2])[0]
    with monkeypatch.context() as patch:
        patch.setattr(network, "_compute", lambda *_arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            network.run(PICTURES[:2])
    assert (network.run(PICTURES[:2])[0] == wanted).all()


@pytest.mark.parametrize("content", [b"", b"<net", b"no graph at all"])
def test_a_file_that_is_no_network_is_refused(tmp_path, content):
    path = tmp_path / "network.xml"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"OpenVINO cannot read network\.xml"):
        read_network(path)


def test_a_reason_is_never_empty():
    assert reason_of(RuntimeError("")) == "RuntimeError"
    assert reason_of(RuntimeError("Check 'a' failed\n")) == "Check 'a' failed"


def test_a_processor_names_what_its_answers_depend_on():
    processor = Processor("A Processor", ("BF16", "FP32"))
    assert processor.has_bfloat16
    assert processor.kind == "A Processor (BF16, FP32)"
    assert not Processor("A Processor", ("FP32",)).has_bfloat16
    assert "FP32" in read_processor().capabilities


class Held(HeldWeights):
    """Weights that write down what is asked of them."""

    def __init__(self, numbers):
        super().__init__(numbers)
        self.asked = []

    def check(self):
        self.asked.append("check")

    def release(self):
        self.asked.append("release")


def parts(kernel=KERNEL):
    """The dense network in two parts, its kernel handed over with each picture."""
    graph = OpsetGraph()
    pixels = graph.pictures(SIDE, SIDE)
    values = graph.flattened(graph.channels_first(graph.prepared(pixels, "none")))
    half = len(kernel) // 2
    sums, given = graph.held_product(graph.columns(values, 0, half), 6, 4)
    rest = graph.columns(values, half, 2 * half)
    weights = [Held(part.reshape(pieces, -1, 4)) for part, pieces in ((kernel[:half], 6), (kernel[half:], 3))]
    first = Part(graph.model([pixels, given], [rest, sums], "one"), (weights[0],))
    rest, sums = graph.numbers(1, half), graph.numbers(1, 4)
    more, given = graph.held_product(rest, 3, 4)
    answer = graph.relu(graph.biased(graph.add(sums, more), BIAS))
    return [first, Part(graph.model([rest, sums, given], [answer], "two"), (weights[1],))], weights


def test_parts_go_on_from_each_other():
    network = CompiledNetwork(parts()[0], "float32", 2)
    assert network.run(PICTURES)[0] == pytest.approx(expected(), abs=1e-3)
    assert (network.run(PICTURES[3:4])[0] == network.run(PICTURES)[0][3:4]).all()


def test_weights_leave_the_process_after_the_first_picture_alone():
    built, weights = parts()
    network = CompiledNetwork(built)
    network.run(PICTURES[:3])
    network.run(PICTURES[:1])
    assert [held.asked for held in weights] == [["check", "release", "check", "check", "check"]] * 2


@pytest.mark.parametrize("position", [0, -1])
def test_handed_weights_that_are_no_numbers_are_refused(position):
    kernel = KERNEL.copy()
    kernel[position, 1] = np.inf
    with pytest.raises(NotFinite):
        CompiledNetwork(parts(kernel)[0])


def test_several_threads_may_call_parts_at_once():
    network = CompiledNetwork(parts()[0])
    wanted = network.run(PICTURES)[0]
    found = {}

    def ask(number):
        found[number] = [network.run(PICTURES)[0] for _ in range(20)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert all((answer == wanted).all() for answers in found.values() for answer in answers)
