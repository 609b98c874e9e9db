"""Starts Sightline from a checkout: ``python main.py`` is the same as ``sightline``.

Also where the frozen app begins.
"""

import sys

from desktop_app.cli import main

if __name__ == "__main__":
    if getattr(sys, "frozen", False):
        # A child of `multiprocessing` starts this program once more, and must not become a second window.
        from multiprocessing import freeze_support  # noqa: TID251 - it starts nothing

        freeze_support()
    sys.exit(main())
