from __future__ import annotations

import gc
import os
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.core.classify import pool as module
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError, UnknownModel
from desktop_app.core.library.store import Library
from tests.tiny_model import colour_card, install_colour_model

TIMEOUT = 60
KB = 1024


class Loaded:
    """Stands for a classifier."""

    def __init__(self, model_id):
        self.model_id = model_id


class Loader:
    """Counts what it loads; a test may hold it or let it fail."""

    def __init__(self):
        self.loaded = []
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self.goes_on.set()
        self.error = None

    def __call__(self, model_id, *_library_and_wishes):
        self.loaded.append(model_id)
        self.begun.set()
        assert self.goes_on.wait(TIMEOUT)
        if self.error is not None:
            raise self.error
        return Loaded(model_id)


class Memory:
    """The free memory in bytes, as a test sets it."""

    free = 100_000 * KB

    def __call__(self):
        return self.free


@pytest.fixture
def loader():
    return Loader()


@pytest.fixture
def memory():
    return Memory()


@pytest.fixture
def pool(tmp_path, loader, memory, monkeypatch):
    """Four models of 100 KB each, in a small world."""
    monkeypatch.setattr(module, "SMALL_BYTES", 64 * KB)
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    for model_id in "abcd":
        install(library, model_id)
    return ModelPool(library, load=loader, free=memory)


def install(library, model_id):
    def write(path):
        with path.open("wb") as file:
            file.truncate(100 * KB)

    library.add(colour_card(model_id), write)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(8) as executor:
        yield executor


def use(pool, *model_ids):
    """Use models for a moment, one after the other."""
    for model_id in model_ids:
        pool.acquire(model_id).release()


def in_memory(pool):
    return "".join(model_id for model_id in "abcd" if pool.is_loaded(model_id))


# Loading


def test_users_share_a_model_that_is_loaded_once(pool, loader):
    with pool.acquire("a") as first, pool.acquire("a") as second, pool.ready("a") as third:
        assert first.classifier is second.classifier is third.classifier
    with pool.acquire("a"):
        pass
    assert loader.loaded == ["a"]


def test_what_is_not_in_memory_is_not_ready(pool, loader):
    assert pool.ready("a") is None
    assert pool.ready("dragons") is None
    assert not pool.is_loaded("a")
    assert loader.loaded == []


def test_an_unknown_model(pool, loader):
    with pytest.raises(UnknownModel):
        pool.acquire("dragons")
    assert loader.loaded == []


def test_who_comes_while_a_model_is_loaded_waits_for_that_loading(pool, loader, threads):
    loader.goes_on.clear()
    asked = [threads.submit(pool.acquire, "a") for _ in range(8)]
    assert loader.begun.wait(TIMEOUT)
    assert pool.is_loading("a")
    assert not pool.is_loaded("a")
    assert pool.ready("a") is None
    loader.goes_on.set()
    leases = [each.result(TIMEOUT) for each in asked]
    assert len({id(lease.classifier) for lease in leases}) == 1
    assert loader.loaded == ["a"]
    assert not pool.is_loading("a")


def test_threads_that_come_at_the_same_moment_load_once(pool, loader, threads):
    for model_id in "abcd":
        barrier = threading.Barrier(8)

        def ask(model_id=model_id, barrier=barrier):
            barrier.wait(TIMEOUT)
            with pool.acquire(model_id) as lease:
                return id(lease.classifier)

        assert len({each.result(TIMEOUT) for each in [threads.submit(ask) for _ in range(8)]}) == 1
    assert loader.loaded == list("abcd")


def test_one_model_does_not_wait_for_another(pool, loader, threads):
    both = threading.Barrier(2)

    def load(model_id, *_library_and_wishes):
        both.wait(TIMEOUT)
        return Loaded(model_id)

    pool = ModelPool(pool.library, load=load)
    found = [threads.submit(pool.acquire, model_id) for model_id in "ab"]
    assert [each.result(TIMEOUT).classifier.model_id for each in found] == ["a", "b"]


def test_waiting_for_another_thread_can_be_cancelled(pool, loader, threads):
    loader.goes_on.clear()
    first = threads.submit(pool.acquire, "a")
    assert loader.begun.wait(TIMEOUT)
    cancel = CancelSource()
    second = threads.submit(pool.acquire, "a", cancel.token)
    cancel.cancel()
    with pytest.raises(Cancelled):
        second.result(TIMEOUT)
    loader.goes_on.set()
    with first.result(TIMEOUT) as lease:
        assert lease.classifier.model_id == "a"


def test_a_failure_is_told_to_all_who_wait_and_not_kept(pool, loader, threads):
    loader.error = ModelError("It is damaged.", "Import it again.")
    loader.goes_on.clear()
    asked = [threads.submit(pool.acquire, "a") for _ in range(2)]
    assert loader.begun.wait(TIMEOUT)
    wait_for_users(pool, "a", 2)
    loader.goes_on.set()
    for each in asked:
        with pytest.raises(ModelError, match="damaged"):
            each.result(TIMEOUT)
    assert not pool.is_loading("a")
    loader.error = None
    use(pool, "a")
    assert loader.loaded == ["a", "a"]


def test_when_the_loading_thread_is_interrupted_another_one_loads(pool, loader, threads):
    loader.error = KeyboardInterrupt()
    loader.goes_on.clear()

    def interrupted():
        with pytest.raises(KeyboardInterrupt):
            pool.acquire("a")

    first = threads.submit(interrupted)
    assert loader.begun.wait(TIMEOUT)
    second = threads.submit(pool.acquire, "a")
    wait_for_users(pool, "a", 2)
    original, pool._load = pool._load, Loader()
    loader.goes_on.set()
    first.result(TIMEOUT)
    assert second.result(TIMEOUT).classifier.model_id == "a"
    assert original.loaded == ["a"]
    assert pool._load.loaded == ["a"]


def wait_for_users(pool, model_id, count):
    """Return once so many threads wait for a model, or load it."""
    changed = threading.Event()
    for _ in range(TIMEOUT * 1000):
        with pool._lock:
            if pool._held[model_id].users == count:
                return
        changed.wait(0.001)
    raise AssertionError


# Files that change


def test_a_model_that_was_replaced_is_loaded_anew_and_its_users_keep_the_old_one(pool, loader):
    old = pool.acquire("a")
    before = old.classifier
    install(pool.library, "a")
    assert pool.ready("a") is None
    new = pool.acquire("a")
    assert new.classifier is not before
    assert old.classifier is before
    old.release()
    with pool.acquire("a") as lease:
        assert lease.classifier is new.classifier
    assert loader.loaded == ["a", "a"]


def test_a_model_that_was_replaced_while_it_was_loaded_is_loaded_again(pool, loader, threads):
    loader.goes_on.clear()
    first = threads.submit(pool.acquire, "a")
    assert loader.begun.wait(TIMEOUT)
    os.utime(pool.library.installed / "a" / "card.json", ns=(1, 1))
    second = threads.submit(pool.acquire, "a")
    loader.goes_on.set()
    assert first.result(TIMEOUT).classifier is not second.result(TIMEOUT).classifier
    assert loader.loaded == ["a", "a"]


def test_a_model_that_was_removed_is_gone(pool):
    use(pool, "a")
    pool.library.remove("a")
    assert pool.ready("a") is None
    with pytest.raises(UnknownModel):
        pool.acquire("a")


def test_a_forgotten_model_is_loaded_anew_and_its_users_keep_the_old_one(pool, loader):
    old = pool.acquire("a")
    before = old.classifier
    pool.forget("a")
    pool.forget("dragons")
    assert not pool.is_loaded("a")
    with pool.acquire("a") as new:
        assert new.classifier is not before
        assert old.classifier is before
        old.release()
        assert pool.ready("a").classifier is new.classifier


def test_a_model_that_is_forgotten_while_it_is_loaded_is_not_kept(pool, loader, threads):
    loader.goes_on.clear()
    first = threads.submit(pool.acquire, "a")
    assert loader.begun.wait(TIMEOUT)
    pool.forget("a")
    loader.goes_on.set()
    first.result(TIMEOUT).release()
    assert not pool.is_loaded("a")


def test_nothing_holds_a_forgotten_model_once_its_last_user_is_gone(pool):
    lease = pool.acquire("a")
    classifier = weakref.ref(lease.classifier)
    pool.forget("a")
    assert classifier() is not None
    lease.release()
    assert classifier() is None


# Memory


def test_unused_models_stay_while_there_is_plenty_of_memory(pool, loader):
    use(pool, *"abcda")
    assert in_memory(pool) == "abcd"
    assert loader.loaded == list("abcd")


def test_the_longest_unused_models_make_room(pool, memory):
    use(pool, *"abc")
    use(pool, "a")
    memory.free = 700 * KB  # a quarter of that and of the unused 300 is enough for two
    use(pool, "d")
    assert in_memory(pool) == "ad"


def test_a_model_in_use_is_never_dropped(pool, memory):
    with pool.acquire("a") as lease, pool.acquire("b"):
        memory.free = 1
        use(pool, *"cd")
        assert in_memory(pool) == "ab"
        with pool.acquire("a") as again:
            assert again.classifier is lease.classifier
    assert in_memory(pool) == ""


def test_room_is_made_before_a_model_is_loaded(pool, loader, memory, threads):
    use(pool, *"ab")
    memory.free = (
        350 * KB
    )  # a quarter of that less c, with the unused 200, is enough for one; less d for none
    loader.goes_on.clear()
    coming, left = [], []
    for model_id in "cd":
        loader.begun.clear()
        coming.append(threads.submit(pool.acquire, model_id))
        assert loader.begun.wait(TIMEOUT)
        left.append(in_memory(pool))
    assert left == ["b", ""]
    loader.goes_on.set()
    for each in coming:
        each.result(TIMEOUT)


def test_small_models_are_kept_however_little_is_free(pool, memory, monkeypatch):
    monkeypatch.setattr(module, "SMALL_BYTES", 210 * KB)
    memory.free = 1
    use(pool, *"ab")
    assert in_memory(pool) == "ab"
    use(pool, "c")
    assert in_memory(pool) == "bc"


def test_where_the_free_memory_is_unknown_little_is_kept(pool, memory):
    memory.free = 0
    use(pool, *"ab")
    assert in_memory(pool) == ""


def test_a_lease_ends_once(pool, memory):
    memory.free = 0
    with pool.acquire("a"):
        lease = pool.acquire("a")
        lease.release()
        lease.release()
        assert in_memory(pool) == "a"


def test_users_models_and_files_that_come_and_go_at_once(pool, loader, memory):
    """Eight threads use, forget and replace models in memory for one: each gets what it asked for."""
    memory.free = 1
    start = threading.Barrier(8)
    cards = [pool.library.installed / model_id / "card.json" for model_id in "abcd"]

    def work(number):
        start.wait(TIMEOUT)
        for turn in range(15):
            model_id = "abcd"[(number + turn) % 4]
            with pool.acquire(model_id) as lease:
                assert lease.classifier.model_id == model_id
                if turn % 7 == number:
                    pool.forget(model_id)
                if turn % 11 == number:
                    os.utime(cards[(number + turn) % 4], ns=(turn, number))
                assert lease.classifier.model_id == model_id

    with ThreadPoolExecutor(8) as threads:
        for each in [threads.submit(work, number) for number in range(8)]:
            each.result(TIMEOUT)
    assert not pool._held


# With TensorFlow


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_dropped_network_gives_its_memory_back(monkeypatch):
    monkeypatch.setattr(module, "SMALL_BYTES", 0)
    library = Library.default()
    install_colour_model(library)
    pool = ModelPool(library, load=load_classifier, free=lambda: 0)
    gc.disable()  # only the pool's own collection counts
    try:
        lease = pool.acquire("colours")
        network = weakref.ref(lease.classifier._network)
        lease.release()
        assert network() is None
    finally:
        gc.enable()
