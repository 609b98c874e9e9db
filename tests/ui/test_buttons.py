import pytest

from tests.torture import buttons


@pytest.mark.engine
def test_everything_may_be_pressed_as_soon_as_the_window_is_there():
    assert "0 errors" in buttons.run(1, busy_loops=1)
