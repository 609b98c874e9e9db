"""Model files that try to run code, to reach other files or to exhaust the machine.

Each case writes one file. ``sentinel`` is a file that must never come to be, and whose content, where a
case reads instead of writes, must never be asked for.
"""

from tests.hostile_models import code, exhaustion, impostors, other_files, recurrent
from tests.hostile_models.cases import CASES

__all__ = ["CASES", "code", "exhaustion", "impostors", "other_files", "recurrent"]
