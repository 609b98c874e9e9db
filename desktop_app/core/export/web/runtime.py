"""ONNX Runtime Web, which computes the model in the browser: fetched when a page is wanted, never before.

Of the npm package only one program and its WebAssembly go into a page. Version 1.14.0 is the smallest that
runs all exported recipes, and the last generation whose build for one thread needs no shared memory, so that
it starts from a file as from any server.
"""

from __future__ import annotations

import os
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.download.checksums import sha512_of
from desktop_app.core.library.download.download import download
from desktop_app.core.library.download.published_file import PublishedFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.download.transfer import Transfer

RUNTIME_NAME = "ONNX Runtime Web 1.14.0"

RUNTIME = PublishedFile(
    name="onnxruntime-web-1.14.0.tgz",
    url="https://registry.npmjs.org/onnxruntime-web/-/onnxruntime-web-1.14.0.tgz",
    bytes=16_645_433,
    sha512="29ca9fe3750c7d6f260b275519c5fd38c5c8d95375edcd29e97bd1ec83d26730"
    "5fffa96d781cd71ef7045560cf9822ae1a899b97df7b1e02ea8fdd45d750f35f",
    title="ONNX Runtime Web",
)
"""The npm package. Its checksum is the ``integrity`` that the registry publishes,
``sha512-Kcqf43UMfW8mCydVGcX9OMXI2VN17c0p6XvR7IPSZzBf/6lteBzXHvcEVWDPmCKuGombl997HgLqj91F11DzXw==``."""

VARIABLE = "SIGHTLINE_WEB_RUNTIME"
"""Environment variable that names the package's file, or a folder that it lies in, for computers without a
network."""

_CODE = "package/dist/ort.wasm-core.min.js"
_WASM = "package/dist/ort-wasm-simd.wasm"


@dataclass(frozen=True, slots=True)
class WebRuntime:
    """What a page needs of the package.

    Attributes:
        code: JavaScript for a worker.
        wasm: WebAssembly for one thread, with SIMD.
    """

    code: str
    wasm: bytes


def given_runtime(given: Path | None) -> Path | None:
    """The package that somebody names; else the one of the environment; else None, and it is downloaded.

    Raises:
        UsageError: It is not there.
    """
    named = os.environ.get(VARIABLE, "")
    path = given or (Path(named).expanduser() if named else None)
    if path is None:
        return None
    file = path / RUNTIME.name if path.is_dir() else path
    if not file.is_file():
        raise UsageError(
            f"There is no {printable(str(file))}, which was named as the runtime of web pages.",
            "Fetch it with 'npm pack onnxruntime-web@1.14.0', or leave it out to have it downloaded.",
        )
    return file


def download_size(downloads: Path, given: Path | None = None) -> int:
    """Bytes that a page's export would download first; 0 when the package is here.

    Args:
        downloads: The folder for downloads.
        given: The package's file, or the folder that it lies in.

    Raises:
        UsageError: It is named and not there.
    """
    here = given_runtime(given) is not None or (downloads / RUNTIME.name).is_file()
    return 0 if here else RUNTIME.bytes or 0


def web_runtime(
    downloads: Path,
    given: Path | None,
    *,
    cancel: CancelToken,
    on_progress: Callable[[Transfer], None],
) -> WebRuntime:
    """Find the package, or download it, verify it and read what a page needs of it.

    Args:
        downloads: Folder that it is downloaded to, and kept in.
        given: The package's file, or the folder that it lies in.
        cancel: Token; what has arrived is kept.
        on_progress: Callback for a download.

    Raises:
        UsageError: It is named and not there, or is another file.
        DownloadError: It cannot be fetched.
        StorageError: The disk is full or refuses.
        Cancelled: The user cancelled.
    """
    path = given_runtime(given)
    if path is None:
        path = download(RUNTIME, downloads, on_progress=on_progress, cancel=cancel)
    elif sha512_of(path, cancel) != RUNTIME.sha512:
        raise UsageError(
            f"{printable(str(path))} is not {RUNTIME.name} as npm publishes it: its SHA-512 differs.",
            "Fetch it again, or leave it out to download it.",
        )
    # Its checksum is right, so it has these members, and they are harmless.
    with storage_errors(path, verb="read"), tarfile.open(path, "r:gz") as package:
        code, wasm = (_member(package, name) for name in (_CODE, _WASM))
    return WebRuntime(code.decode(), wasm)


def _member(package: tarfile.TarFile, name: str) -> bytes:
    member = package.extractfile(name)
    assert member is not None
    return member.read()
