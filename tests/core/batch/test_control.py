from __future__ import annotations

import threading

from desktop_app.core.batch.control import UNCONTROLLED, BatchControl


def test_a_paused_job_waits_until_it_goes_on_or_is_cancelled():
    for release in (BatchControl.unpause, BatchControl.cancel):
        control = BatchControl()
        control.pause()
        assert control.token.paused
        waiting = threading.Thread(target=control.token.wait_while_paused)
        waiting.start()
        release(control)
        waiting.join(10)
        assert not waiting.is_alive()
        assert not control.token.paused


def test_nobody_pauses_or_cancels_an_uncontrolled_job():
    UNCONTROLLED.wait_while_paused()
    assert not UNCONTROLLED.cancelled
