from collections import Counter

from desktop_app.core.datasets.splits.group_draw import deal_groups


def dealt(groups, quotas):
    """Deal groups that are given as their labels; the subset of each group, None for training."""
    labels = [label for group in groups for label in group]
    indices, start = [], 0
    for group in groups:
        indices.append(range(start, start + len(group)))
        start += len(group)
    found = deal_groups(indices, labels, quotas)
    for members in indices:
        assert len({found.get(number) for number in members}) == 1
    return [found.get(members[0]) for members in indices]


def test_numbers_come_as_near_as_groups_allow():
    groups = [[0] * 5 + [1] * 5 for _ in range(10)]
    quotas = {label: {"validation": 10, "test": 5} for label in (0, 1)}
    assert Counter(dealt(groups, quotas)) == {None: 7, "validation": 2, "test": 1}


def test_a_group_that_is_a_little_too_large_still_goes():
    groups = [[0] * 6 for _ in range(8)]
    assert Counter(dealt(groups, {0: {"test": 5}})) == {None: 7, "test": 1}


def test_the_smallest_group_goes_where_none_comes_near():
    groups = [[0] * 12, [0] * 30, [0] * 9, [0] * 40]
    assert dealt(groups, {0: {"test": 2}}) == [None, None, "test", None]


def test_a_class_keeps_a_group_in_training():
    assert dealt([[0] * 4, [1] * 4, [1] * 4], {0: {"test": 4}, 1: {"test": 1}})[0] is None
    assert dealt([[0] * 4, [0] * 4], {0: {"validation": 4, "test": 4}}).count(None) == 1
    assert dealt([[0, 1] * 9], {0: {"test": 3}, 1: {"test": 3}}) == [None]


def test_half_of_a_class_stays_when_nothing_fits():
    assert dealt([[0] * 60, [0] * 40], {0: {"test": 1}}) == [None, "test"]
    assert dealt([[0] * 60, [0] * 60, [1] * 3], {0: {"test": 1}, 1: {"test": 1}}) == ["test", None, None]
    assert dealt([[0] * 70, [0] * 71, [0] * 60 + [1]], {0: {"test": 1}}) == ["test", None, None]


def test_single_pictures_are_dealt_as_wanted():
    groups = [[number % 2] for number in range(200)]
    quotas = {label: {"validation": 20, "test": 10} for label in (0, 1)}
    assert Counter(dealt(groups, quotas)) == {None: 140, "validation": 40, "test": 20}
