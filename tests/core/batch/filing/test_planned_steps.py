from pathlib import Path

import pytest

from desktop_app.core.batch.filing.planned_steps import PlannedSteps
from desktop_app.core.batch.filing.steps import Step

ODD = Path("/a/caf\udce9 \n.jpg")


@pytest.fixture
def steps():
    result = PlannedSteps()
    for name in ("1.jpg", "2.jpg"):
        result.append(Step.between(Path("/a") / name, Path("/b/red") / name))
    result.append(Step.between(ODD, Path("/b/red/x (2).jpg")))
    return result


def test_steps_come_back_as_they_were(steps):
    assert len(steps) == 3
    assert next(iter(steps)) == Step(Path("/a/1.jpg"), Path("/b/red/1.jpg"), renamed=False)
    assert steps[-1] == Step(ODD, Path("/b/red/x (2).jpg"), renamed=True)
    assert list(steps[:2] + steps[2:]) == list(steps)
    assert not steps[3:]
    with pytest.raises(IndexError):
        steps[3]
