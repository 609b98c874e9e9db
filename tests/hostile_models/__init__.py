"""Model files that look as if they tried to run code, to reach other files or to exhaust the machine.

They are harmless, also for other programs and their older versions: names stand where a payload could, the
names lead to nothing that exists, and nothing is larger or deeper than any program can take. What is too
large is too large for the limits of `low_limits`. Each case writes one file.
"""

from tests.hostile_models import code, exhaustion, functions, impostors, other_files, recurrent
from tests.hostile_models.cases import CASES, NO_FILE, NOWHERE
from tests.hostile_models.low_limits import low_limits
from tests.hostile_models.onnx_files import ONNX_CASES

FILES = {f"{kind}.keras": write for kind, write in CASES.items()} | {
    f"{kind}.onnx": write for kind, write in ONNX_CASES.items()
}
"""All cases by the name of their file."""

__all__ = [
    "CASES",
    "FILES",
    "NOWHERE",
    "NO_FILE",
    "ONNX_CASES",
    "code",
    "exhaustion",
    "functions",
    "impostors",
    "low_limits",
    "other_files",
    "recurrent",
]
