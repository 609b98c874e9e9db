#!/bin/sh
# h5py raises instead of saying 0 when an attribute holds no values.
#
# Versions: h5py 3.16.0 (HDF5 2.0.0), numpy 2.4.6, Python 3.11; 2026-11-29.
# An attribute of shape (0,) is lawful, and Keras writes one for each layer without weights (weight_names). Its values
# can be read (an empty array). AttrID.get_storage_size() takes the size 0 that HDF5 gives for a sign of failure and
# raises RuntimeError, so whoever asks for the size before reading, to be careful, stumbles over honest files.
# Expected: 0.
# Seen: values [], storage size RuntimeError: Unspecified error in H5Aget_storage_size (return value ==0).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check h5py==3.16.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'END'
import h5py

with h5py.File("empty.h5", "w") as file:
    file.attrs["weight_names"] = []
    values = file.attrs["weight_names"]
    try:
        size = h5py.h5a.open(file.id, b"weight_names").get_storage_size()
    except RuntimeError as error:
        size = f"RuntimeError: {error}"
print("values", list(values), "storage size", size)
assert list(values) == [], "changed"
assert str(size).startswith("RuntimeError"), "changed"
END
