import os

import pytest

from tests.torture import paths


@pytest.mark.skipif(os.name != "posix", reason="names of bytes exist only on POSIX")
def test_the_promise_at_small_size():
    count = 2 * len(paths.ODD_NAMES) + 60

    assert f"{count} pictures" in paths.open_pictures(count)
