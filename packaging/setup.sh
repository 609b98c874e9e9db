#!/bin/sh
# Finds a Python that TensorFlow has wheels for and lets it make the virtual environment .venv.
# Options are handed on to setup_environment.py; PYTHON=/path/to/python3 names the Python to use.
set -eu

here=$(dirname "$0")
for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
        exec "$candidate" "$here/setup_environment.py" "$@"
    fi
done

found=$(python3 --version 2>/dev/null) || found="no python3 at all"
cat >&2 <<EOF
Sightline needs Python 3.11, 3.12 or 3.13 (TensorFlow has no wheels for others); this machine has $found.
Install one of them (Debian and Ubuntu: apt-get install python3.13 or python3.12 or python3.11; macOS:
brew install python@3.13; otherwise: https://www.python.org/downloads/) and run make again,
or name one that is not on PATH: make setup PYTHON=/path/to/python3
EOF
exit 1
