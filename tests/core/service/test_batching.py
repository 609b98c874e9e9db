import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError, UnreadableImage
from desktop_app.core.service import batching
from desktop_app.core.service.batching import MicroBatcher, RequestLimit
from desktop_app.core.service.refusals import Refusal

FOREVER = 60.0


def row_of(number):
    return np.full((2, 2, 3), number, np.uint8)


class Network:
    """Returns the pictures' first numbers; can be held while it runs."""

    def __init__(self):
        self.sizes = []
        self.gate = threading.Event()
        self.gate.set()
        self.running = threading.Event()
        self.inside = 0
        self.error = None

    def __call__(self, prepared):
        self.inside += 1
        assert self.inside == 1, "two threads run the network"
        self.running.set()
        assert self.gate.wait(60)
        self.sizes.append(len(prepared))
        self.inside -= 1
        if self.error:
            raise self.error
        return np.stack([pixels[0, 0, :1].astype(np.float32) for pixels in prepared])


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(40) as pool:
        yield pool


def test_one_alone_does_not_wait(network):
    batcher = MicroBatcher(network, patience=FOREVER)
    assert [batcher.answer(lambda n=n: row_of(n))[0] for n in range(5)] == [0, 1, 2, 3, 4]
    assert network.sizes == [1] * 5


def test_those_who_come_while_the_network_runs_share_its_next_run(network, pool):
    batcher = MicroBatcher(network, size=16, patience=FOREVER)
    network.gate.clear()
    first = pool.submit(batcher.answer, lambda: row_of(7))
    assert network.running.wait(60)
    others = [pool.submit(batcher.answer, lambda n=n: row_of(n)) for n in range(20)]
    while batcher.waiting < 20:
        threading.Event().wait(0.001)
    network.gate.set()
    assert first.result(60)[0] == 7
    assert [other.result(60)[0] for other in others] == list(range(20))
    assert network.sizes == [1, 16, 4]


def test_the_leader_waits_for_one_who_is_still_decoding(network, pool):
    batcher = MicroBatcher(network, patience=FOREVER)
    decoding, decoded = threading.Event(), threading.Event()

    def slow():
        decoding.set()
        assert decoded.wait(60)
        return row_of(2)

    second = pool.submit(batcher.answer, slow)
    assert decoding.wait(60)
    first = pool.submit(batcher.answer, lambda: row_of(1))
    while not batcher.waiting:
        threading.Event().wait(0.001)
    decoded.set()
    assert (first.result(60)[0], second.result(60)[0]) == (1, 2)
    assert network.sizes == [2]


def test_but_not_longer_than_its_patience(network, pool):
    batcher = MicroBatcher(network, patience=0.01)
    decoding, decoded = threading.Event(), threading.Event()

    def slow():
        decoding.set()
        assert decoded.wait(60)
        return row_of(2)

    second = pool.submit(batcher.answer, slow)
    assert decoding.wait(60)
    assert batcher.answer(lambda: row_of(1))[0] == 1
    decoded.set()
    assert second.result(60)[0] == 2
    assert network.sizes == [1, 1]


def test_patience_begins_when_the_network_is_free(network, pool, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(batching.time, "monotonic", lambda: now[0])
    batcher = MicroBatcher(network, patience=FOREVER)
    network.gate.clear()
    first = pool.submit(batcher.answer, lambda: row_of(1))
    assert network.running.wait(60)
    decoding, decoded = threading.Event(), threading.Event()

    def slow():
        decoding.set()
        assert decoded.wait(60)
        return row_of(3)

    second = pool.submit(batcher.answer, lambda: row_of(2))
    while not batcher.waiting:
        threading.Event().wait(0.001)
    third = pool.submit(batcher.answer, slow)
    assert decoding.wait(60)
    now[0] = 2 * FOREVER  # the network ran for that long
    network.gate.set()
    assert first.result(60)[0] == 1
    decoded.set()
    assert (second.result(60)[0], third.result(60)[0]) == (2, 3)
    assert network.sizes == [1, 2]


def test_one_who_fails_to_decode_holds_nobody_up(network, pool):
    batcher = MicroBatcher(network, patience=FOREVER)
    decoding, decoded = threading.Event(), threading.Event()

    def broken():
        decoding.set()
        assert decoded.wait(60)
        raise UnreadableImage("The file is empty.")

    second = pool.submit(batcher.answer, broken)
    assert decoding.wait(60)
    first = pool.submit(batcher.answer, lambda: row_of(1))
    while not batcher.waiting:
        threading.Event().wait(0.001)
    decoded.set()
    assert first.result(60)[0] == 1
    with pytest.raises(UnreadableImage):
        second.result(60)


def test_an_error_of_the_network_reaches_each_and_the_next_run_works(network, pool):
    batcher = MicroBatcher(network)
    network.error = ModelError("It cannot answer.")
    answers = [pool.submit(batcher.answer, lambda: row_of(1)) for _ in range(5)]
    assert all(isinstance(answer.exception(60), ModelError) for answer in answers)
    network.error = None
    assert batcher.answer(lambda: row_of(3))[0] == 3


def test_a_network_that_answers_with_too_few_rows(network):
    batcher = MicroBatcher(lambda _prepared: np.empty((0, 3), np.float32))
    with pytest.raises(ValueError, match="zip"):
        batcher.answer(lambda: row_of(1))


def test_many_threads_each_get_their_own_row(network, pool):
    sizes = []
    batcher = MicroBatcher(network, size=8, patience=0.001, on_batch=sizes.append)

    def ask(number):
        return batcher.answer(lambda: row_of(number % 251))[0] == number % 251

    assert all(pool.map(ask, range(2000)))
    assert sum(sizes) == 2000
    assert sizes == network.sizes
    assert max(sizes) <= 8
    assert batcher.waiting == 0


def together(batcher, pool, count):
    """Ask that often at the same time, each in a thread of its own."""
    return [pool.submit(batcher.answer, lambda n=n: row_of(n)) for n in range(count)]


def test_no_more_run_at_once_than_allowed_and_who_comes_first_is_first(pool):
    ran, began, gates = [], threading.Semaphore(0), [threading.Event() for _ in range(6)]

    def network(prepared):
        number = int(prepared[0][0, 0, 0])
        ran.append(number)
        began.release()
        assert gates[number].wait(60)
        return np.stack([pixels[0, 0, :1].astype(np.float32) for pixels in prepared])

    batcher = MicroBatcher(network, size=1, runs=2, patience=FOREVER)
    answers = []
    for number in range(6):
        answers.append(pool.submit(batcher.answer, lambda n=number: row_of(n)))
        if number < 2:
            assert began.acquire(timeout=60)
        while batcher.waiting < number - 1:
            threading.Event().wait(0.001)
    assert ran == [0, 1]
    for gate in gates[1:]:
        gate.set()
    assert [answer.result(60)[0] for answer in answers[1:]] == [1, 2, 3, 4, 5]
    assert ran == [0, 1, 2, 3, 4, 5]
    gates[0].set()
    assert answers[0].result(60)[0] == 0
    assert batcher.waiting == 0


@pytest.mark.parametrize(("size", "runs"), [(1, 2), (1, 3), (4, 2)])
def test_many_threads_and_several_runs_at_once(pool, size, runs):
    lock, inside, most, sizes = threading.Lock(), [0], [0], []

    def network(prepared):
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            sizes.append(len(prepared))
        rows = np.stack([pixels[0, 0, :1].astype(np.float32) for pixels in prepared])
        with lock:
            inside[0] -= 1
        return rows

    batcher = MicroBatcher(network, size=size, runs=runs, patience=0.001)

    def ask(number):
        return batcher.answer(lambda: row_of(number % 251))[0] == number % 251

    assert all(pool.map(ask, range(2000)))
    assert sum(sizes) == 2000
    assert max(sizes) <= size
    assert 1 <= most[0] <= runs
    assert batcher.waiting == 0


def test_an_error_of_one_run_leaves_the_others_alone(pool):
    def network(prepared):
        if prepared[0][0, 0, 0] % 3 == 0:
            raise ModelError("It cannot answer.")
        return np.stack([pixels[0, 0, :1].astype(np.float32) for pixels in prepared])

    batcher = MicroBatcher(network, size=1, runs=2)
    for number, answer in enumerate(together(batcher, pool, 30)):
        if number % 3:
            assert answer.result(60)[0] == number
        else:
            assert isinstance(answer.exception(60), ModelError)
    assert batcher.answer(lambda: row_of(7))[0] == 7


def test_places_are_bounded_and_given_back():
    limit = RequestLimit(2, "Busy.", "Wait.")
    with limit.one(), limit.one():
        with pytest.raises(Refusal, match="Busy") as caught, limit.one():
            pass
        assert (caught.value.status, caught.value.headers) == (429, {"Retry-After": "1"})
        assert limit.taken == 2
    assert limit.taken == 0
    with pytest.raises(ZeroDivisionError), limit.one():
        raise ZeroDivisionError
    assert limit.taken == 0
