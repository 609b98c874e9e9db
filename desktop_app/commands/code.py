"""``sightline code``: a Keras script that trains the network of a run on the same pictures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.commands import DONE, SOME_FAILED, WRONG_USAGE
from desktop_app.core.foundation.errors import SightlineError, UsageError
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.store import Library
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.script.finding import find_run

if TYPE_CHECKING:
    import argparse

    from desktop_app.core.training.script.script import Script


def code(options: argparse.Namespace) -> int:
    """Print the script, or write it into a folder.

    Returns:
        0, 1 when there is no script for the run, or 2 when there is no such run or the folder is taken.
    """
    # Building the network loads TensorFlow, which a wrong id need not wait for.
    try:
        entry = find_run(options.run, RunStore.default(), Library.default())
        from desktop_app.core.training.script.script import script_of
        from desktop_app.core.training.script.writing import write_script

        if options.output is None:
            script = script_of(entry, in_folder=False)
            sys.stdout.write(script.text)
            _tell(script)
            print("To run it: save it as train.py, then python train.py", file=sys.stderr)
            return DONE
        folder = Path(options.output)
        script = write_script(entry, folder)
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else SOME_FAILED
    _tell(script)
    print(f"Wrote the script of {printable(script.name)} and what it needs to {printable(str(folder))}.")
    print(f"Run it: python {printable(str(folder / 'train.py'))}")
    return DONE


def _tell(script: Script) -> None:
    for note in script.notes:
        print(note, file=sys.stderr)
