#!/bin/sh
# Importing h5py starts another program: "uname -p".
#
# Guess before it was run: an import of a library for files starts nothing.
# Really, with h5py 3.16.0, Python 3.11, Linux, 2026-11-29: h5py asks Python's platform.uname() for a value by
# number. To give any value by number Python makes all of them, and for the sixth, the processor, it runs "uname -p".
# That takes a fork and an exec at every start.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet h5py==3.16.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

started = []
sys.addaudithook(lambda event, details: started.append(details[1]) if event == "subprocess.Popen" else None)
import numpy

before = list(started)
import h5py

print(f"Python {sys.version.split()[0]}, h5py {h5py.__version__}: numpy starts {before}, h5py starts {started}")
assert before == []
assert [list(words) for words in started] == [["uname", "-p"]], "this has changed"
PYTHON
