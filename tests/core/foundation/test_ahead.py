"""Work is done ahead in order and within bounds; an error stays with its item, and the end leaves nothing."""

from __future__ import annotations

import gc
import random
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.core.foundation.ahead import Ahead, InPlace

SECONDS = 60
"""For what comes soon, on a machine that is busy too."""


def double(number):
    return 2 * number


def take_all(ahead, count):
    taken = []
    while ahead.pending:
        taken += ahead.take(count)
    return taken


@pytest.mark.parametrize("make_executor", [ThreadPoolExecutor, InPlace])
def test_results_come_in_the_order_in_which_the_items_were_added(make_executor):
    dice = random.Random(1)
    waits = [dice.uniform(0, 0.004) for _ in range(200)]

    def call(number):
        threading.Event().wait(waits[number])
        return number

    with Ahead(make_executor, 4, call, depth=16) as ahead:
        ahead.add(range(150))
        taken = [future.result() for _ in range(25) for future in ahead.take(4)]
        assert ahead.pending == 50
        ahead.add(range(150, 200))
        taken += [future.result() for _ in range(20) for future in ahead.take(5)]
        assert ahead.pending == 0
        assert ahead.take(5) == []
    assert taken == list(range(200))


@pytest.mark.parametrize("make_executor", [ThreadPoolExecutor, InPlace])
def test_no_more_than_the_depth_are_begun_before_their_results_are_taken(make_executor):
    begun = []
    with Ahead(make_executor, 3, begun.append, depth=10) as ahead:
        ahead.add(range(1000))
        assert begun == []
        for taken in range(1, 101):
            ahead.take(1)
            assert len(begun) <= taken + 10


def test_results_that_wait_to_be_taken_are_bounded_too():
    class Large:
        pass

    alive = weakref.WeakSet()

    def make(_number):
        large = Large()
        alive.add(large)
        return large

    with Ahead(ThreadPoolExecutor, 3, make, depth=6) as ahead:
        ahead.add(range(100))
        while ahead.pending:
            ahead.take(2)
            assert len(alive) <= 6 + 2 + 3  # those kept, those just taken, and one in each thread's hand


def test_several_are_worked_on_at_the_same_time():
    together = threading.Barrier(3, timeout=SECONDS)
    with Ahead(ThreadPoolExecutor, 3, lambda _number: together.wait(), depth=6) as ahead:
        ahead.add(range(6))
        assert sorted(future.result() for future in ahead.take(6)) == [0, 0, 1, 1, 2, 2]


def test_the_threads_go_on_while_nobody_takes():
    done = threading.Semaphore(0)
    with Ahead(ThreadPoolExecutor, 2, lambda _number: done.release(), depth=8) as ahead:
        ahead.add(range(100))
        ahead.take(1)
        for _ in range(1 + 8):
            assert done.acquire(timeout=SECONDS)


@pytest.mark.parametrize("make_executor", [ThreadPoolExecutor, InPlace])
def test_an_error_stays_with_its_item(make_executor):
    def call(number):
        if number in {3, 4}:
            raise ValueError(number)
        return number

    with Ahead(make_executor, 2, call, depth=4) as ahead:
        ahead.add(range(8))
        futures = take_all(ahead, 3)
    assert [future.result() for future in futures if future.exception() is None] == [0, 1, 2, 5, 6, 7]
    for number in (3, 4):
        with pytest.raises(ValueError, match=str(number)):
            futures[number].result()


def test_a_taker_that_does_not_wait_long_gets_what_is_done():
    gate = threading.Event()

    def call(number):
        if number == 2:
            gate.wait(SECONDS)
        return number

    with Ahead(ThreadPoolExecutor, 2, call, depth=4) as ahead:
        ahead.add(range(4))
        first = ahead.take(2)
        assert [future.result() for future in first] == [0, 1]
        assert ahead.take(2, seconds=0) == []
        assert ahead.pending == 2
        gate.set()
        assert [future.result() for future in ahead.take(2)] == [2, 3]


def test_the_end_begins_nothing_new_and_leaves_no_thread():
    begun, running, gate = [], threading.Event(), threading.Event()

    class Ending(ThreadPoolExecutor):
        """Lets the call that runs go on once the others are cancelled."""

        def shutdown(self, wait=True, *, cancel_futures=False):
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            gate.set()
            super().shutdown(wait=wait)

    def call(number):
        begun.append(number)
        running.set()
        gate.wait(SECONDS)

    before = set(threading.enumerate())
    with Ahead(Ending, 1, call, depth=50) as ahead:
        ahead.add(range(100))
        assert ahead.take(1, seconds=0) == []
        assert running.wait(SECONDS)
    assert begun == [0]
    assert ahead.pending == 0
    assert set(threading.enumerate()) == before


def test_an_error_of_the_taker_ends_it_too():
    ahead = Ahead(ThreadPoolExecutor, 2, double, depth=4)
    ahead.add(range(100))
    assert [future.result() for future in ahead.take(1)] == [0]
    with pytest.raises(KeyError), ahead:
        raise KeyError
    assert ahead.pending == 0


def test_nothing_keeps_items_results_or_the_function_afterwards():
    class Thing:
        def again(self, other):
            return other

    thing, items = Thing(), [Thing() for _ in range(20)]
    watched = [weakref.ref(each) for each in (thing, *items)]
    gc.disable()
    try:
        with Ahead(ThreadPoolExecutor, 2, thing.again, depth=4) as ahead:
            ahead.add(items)
            ahead.take(3)
        del ahead, thing
        items.clear()
        assert [each for each in watched if each() is not None] == []
    finally:
        gc.enable()
