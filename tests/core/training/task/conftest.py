from __future__ import annotations

import pytest

from desktop_app.core.training.task import catalogue
from tests.core.training.task.made_up import GUESSING


@pytest.fixture
def guessing(monkeypatch):
    """The made-up task, known to the app."""
    monkeypatch.setattr(catalogue, "TASKS", (*catalogue.TASKS, GUESSING))
    return GUESSING
