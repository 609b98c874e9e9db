"""``python -m benchmarks NAME``: measures, prints a table and keeps it."""

from __future__ import annotations

import sys

from benchmarks.frame.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
