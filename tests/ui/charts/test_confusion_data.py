import numpy as np

from desktop_app.ui.charts.confusion_data import heat_map, row_shares

RIGHT, WRONG = (1, 2, 3), (7, 8, 9)


def drawn(confusion, sides):
    return heat_map(row_shares(np.array(confusion)), sides, RIGHT, WRONG)


def test_right_answers_and_mistakes_have_their_colours():
    map_ = drawn([[3, 1], [0, 4]], 8)
    assert map_.shape == (2, 2, 4)
    assert map_[0, 0].tolist() == [*RIGHT, round(255 * 0.75**0.5)]
    assert map_[0, 1].tolist() == [*WRONG, round(255 * 0.25**0.5)]
    assert map_[1, 0, 3] == 0
    assert map_[1, 1].tolist() == [*RIGHT, 255]


def test_of_cells_in_one_place_the_strongest_is_drawn():
    map_ = drawn([[9, 1, 0, 0], [8, 2, 0, 0], [0, 6, 4, 0], [0, 0, 0, 0]], 2)
    assert map_.shape == (2, 2, 4)
    assert map_[0, 0].tolist() == [*RIGHT, round(255 * 0.9**0.5)]
    assert map_[1, 0].tolist() == [*WRONG, round(255 * 0.6**0.5)]
    assert map_[1, 1].tolist() == [*RIGHT, round(255 * 0.4**0.5)]
    assert drawn([[1, 9], [9, 1]], 1)[0, 0].tolist() == [*WRONG, round(255 * 0.9**0.5)]


def test_the_shares_stay_as_they_were():
    shares = row_shares(np.array([[3, 1], [0, 4]]))
    before = shares.copy()
    heat_map(shares, 8, RIGHT, WRONG)
    heat_map(shares, 1, RIGHT, WRONG)
    assert np.array_equal(shares, before)
