from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from desktop_app.core.engine import compiled, streams
from desktop_app.core.engine.compiled import CompiledNetwork
from desktop_app.core.engine.streams import Streams, weights_bytes
from desktop_app.core.networks.opset import OpsetGraph

random = np.random.default_rng(3)
KERNEL = random.normal(0, 0.2, (3, 3, 3, 8)).astype(np.float32)
BIAS = random.normal(0, 1, 8).astype(np.float32)
PICTURES = random.integers(0, 256, (9, 12, 12, 3), dtype=np.uint8)


def model():
    graph = OpsetGraph()
    pixels = graph.pictures(12, 12)
    flow = graph.convolution(graph.channels_first(graph.prepared(pixels, "unit")), KERNEL, BIAS, 2)
    means = graph.channel_means(graph.relu(flow))
    return graph.model(pixels, [graph.softmax(means), means], "small")


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Let ten pictures be enough."""
    monkeypatch.setattr(compiled, "ENOUGH", 10)


def same(found, wanted):
    return all((one == other).all() for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("threads", [2, 3])
def test_many_pictures_have_the_answers_of_single_ones(threads):
    network = CompiledNetwork(model(), "float32", threads)
    alone = [network.run(PICTURES[number : number + 1]) for number in range(9)]
    wanted = [np.concatenate(rows) for rows in zip(*alone, strict=True)]
    assert same(network.run(PICTURES), wanted)
    assert network._streams is None
    for count in (9, 4, 5, 9):
        assert same(network.run(PICTURES[:count]), [rows[:count] for rows in wanted])
    assert network._streams is not None
    assert same(network.run(PICTURES[2:3]), [rows[2:3] for rows in wanted])


def test_earlier_answers_do_not_change():
    network = CompiledNetwork(model(), "float32", 2)
    network.run(PICTURES)
    first = network.run(PICTURES)
    kept = [rows.copy() for rows in first]
    network.run(PICTURES[::-1])
    assert same(first, kept)


def test_several_threads_may_call_at_once():
    network = CompiledNetwork(model(), "float32", 2)
    wanted = network.run(PICTURES)
    found = {}

    def ask(number):
        found[number] = [network.run(PICTURES) for _ in range(30)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert network._streams is not None
    assert len(found) == 3
    assert all(same(answer, wanted) for answers in found.values() for answer in answers)


def asked_together(network, callers, times):
    """The answers for single pictures that threads ask for at the same time, in order."""
    start = threading.Barrier(callers)

    def ask(number):
        start.wait(60)
        return [network.run(PICTURES[number : number + 1]) for _ in range(times)]

    with ThreadPoolExecutor(callers) as threads:
        return list(threads.map(ask, range(callers)))


@pytest.mark.parametrize("threads", [2, 3])
def test_single_pictures_of_several_threads_are_computed_at_once(threads):
    network = CompiledNetwork(model(), "float32", threads)
    assert network.calls_at_once == 2 * threads
    wanted = [network.run(PICTURES[number : number + 1]) for number in range(9)]
    assert network._streams is None
    for _ in range(200):
        answers = asked_together(network, 4, 20)
        assert all(same(found, one) for one, row in zip(wanted, answers, strict=False) for found in row)
        if network._streams is not None:
            break
    assert network._streams is not None
    assert network._calls == 0


def test_a_single_picture_stays_with_all_cores_while_few_ask(monkeypatch):
    network = CompiledNetwork(model(), "float32", 2)
    for _ in range(2):
        network.run(PICTURES)
    several = network._streams
    assert several is not None

    def broken(_pixels, _outputs):
        raise ZeroDivisionError

    monkeypatch.setattr(several, "run", broken)
    network.run(PICTURES[:1])
    with network._call() as calls:
        assert calls == 1
        with pytest.raises(ZeroDivisionError):
            network.run(PICTURES[:1])
    network.run(PICTURES[:1])


def test_on_many_cores_two_that_ask_share_them_one_after_the_other():
    network = CompiledNetwork(model(), "float32", 8)
    assert [network._streams_for(PICTURES[:1], calls) for calls in (1, 2, 3)] == [None] * 3
    assert network._come == 0
    assert network._streams_for(PICTURES[:1], 4) is None
    assert network._come == 1


@pytest.mark.parametrize("flaw", ["another answer", "cannot"])
def test_what_answers_otherwise_is_not_used(monkeypatch, flaw):
    class Other(Streams):
        def run(self, pixels, outputs):
            if flaw == "cannot":
                raise RuntimeError("busy")
            super().run(pixels, outputs)
            outputs[1][-1, -1] += 1e-6

    monkeypatch.setattr(compiled, "Streams", Other)
    network = CompiledNetwork(model(), "float32", 2)
    wanted = network.run(PICTURES)
    assert same(network.run(PICTURES), wanted)
    assert same(network.run(PICTURES), wanted)
    assert network._streams is None


@pytest.mark.parametrize(("threads", "largest"), [(1, streams.LARGEST), (2, 100)])
def test_one_core_or_a_large_network_stays_with_one_picture(monkeypatch, threads, largest):
    monkeypatch.setattr(compiled, "LARGEST", largest)
    network = CompiledNetwork(model(), "float32", threads)
    assert network.calls_at_once == 1
    assert same(network.run(PICTURES), network.run(PICTURES))
    assert len(asked_together(network, 3, 30)) == 3
    assert network._streams is None


def test_the_bytes_of_weights():
    assert weights_bytes(model()) >= KERNEL.nbytes + BIAS.nbytes


def test_a_failure_ends_what_was_begun(monkeypatch):
    network = CompiledNetwork(model(), "float32", 2)
    wanted = [network.run(PICTURES) for _ in range(2)][1]
    several = network._streams
    assert several is not None
    with pytest.raises(ZeroDivisionError):
        several.run(PICTURES, Broken())
    assert same(network.run(PICTURES), wanted)


class Broken(list):
    """Outputs that cannot be written."""

    def __iter__(self):
        raise ZeroDivisionError
