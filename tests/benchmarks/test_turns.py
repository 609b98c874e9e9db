"""Taking turns."""

from __future__ import annotations

from benchmarks.frame.turns import seconds, take_turns


def test_ways_take_turns_forwards_and_backwards_after_a_warm_up():
    order = []

    def way(name):
        def run():
            order.append(name)
            return len(order)

        return run

    samples = take_turns({"a": way("a"), "b": way("b")}, rounds=3)
    assert "".join(order) == "ba" + "ab" + "ba" + "ab"
    assert samples == {"a": [3, 6, 7], "b": [4, 5, 8]}


def test_without_a_warm_up_every_sample_counts():
    assert take_turns({"a": lambda: 1}, rounds=2, warm_ups=0) == {"a": [1, 1]}


def test_seconds_are_those_of_the_work(monkeypatch):
    clock = iter((10.0, 12.5))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    assert seconds(lambda: None) == 2.5
