"""An npm package of a few bytes in place of the real one."""

from __future__ import annotations

import hashlib
import io
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.export.web import runtime
from tests.core.export.web.pages import ORT, SHARES

if TYPE_CHECKING:
    import pytest

CODE, WASM = ORT + SHARES, b"\0asm"


def package() -> bytes:
    """Make it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        members = {"ort.wasm-core.min.js": CODE.encode(), "ort-wasm-simd.wasm": WASM, "ort.js": b"unused"}
        for name, data in members.items():
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def publish(monkeypatch: pytest.MonkeyPatch, data: bytes, url: str = "") -> None:
    """Let it be the package that is expected."""
    monkeypatch.delenv(runtime.VARIABLE, raising=False)
    published = replace(
        runtime.RUNTIME,
        url=url or "http://127.0.0.1:9/none.tgz",
        bytes=len(data),
        sha512=hashlib.sha512(data).hexdigest(),
    )
    monkeypatch.setattr(runtime, "RUNTIME", published)
