#!/bin/sh
# The onnxruntime of PyPI reports how it is used to its makers, on Linux too, from one minor version to the next.
#
# Guess before it was looked at: telemetry is for Windows, as the documents of earlier versions say, and a library
# for computing sends nothing.
# Really, with onnxruntime 1.28.0 and 1.32.0 for Linux x86-64, 2026-11-29: the wheel of 1.32.0 has an uploader (1DS)
# with a client for HTTPS inside, and Privacy.md says that it is on by default in official builds; ORT_DISABLE_TELEMETRY=1
# before the import switches it off. That of 1.28.0 has none; the first with the variable is 1.29.0. Nothing is
# imported here, so nothing is sent.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
for version in 1.28.0 1.32.0; do
    "$folder/venv/bin/pip" download --quiet --no-deps --only-binary :all: --python-version 3.11 \
        --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --dest "$folder/$version" onnxruntime==$version
done
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import pathlib
import sys
import zipfile

found = {}
for version in ("1.28.0", "1.32.0"):
    [wheel] = pathlib.Path(sys.argv[1], version).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        libraries = [archive.read(name) for name in archive.namelist() if ".so" in name]
        privacy = archive.read("onnxruntime/Privacy.md").decode()
    uploads = any(b"OneDsTelemetry" in library for library in libraries)
    switch = any(b"ORT_DISABLE_TELEMETRY" in library for library in libraries)
    found[version] = (uploads, switch, "turned **ON** by default" in privacy and "1DS" in privacy)
print("uploader, switch, said to be on outside Windows:", found)
assert found["1.28.0"] == (False, False, False)
assert found["1.32.0"] == (True, True, True), "this has changed"
PYTHON
