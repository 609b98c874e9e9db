"""Which formats of instruments and cameras this copy reads: those whose packages are installed."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.installation.versions import installed_version

_PACKAGES = {
    "DICOM": "pydicom",
    "FITS": "astropy",
    "NIfTI": "nibabel",
    "OpenEXR": "openexr",
    "CZI": "pylibczirw",
    "JPEG XL": "pillow-jxl-plugin",
    "camera RAW": "rawpy",
    "unusual TIFF": "tifffile",
    "compressed": "imagecodecs",
}
"""Package by the format that it reads; the last unpacks rare compressions of TIFF, DICOM and JPEG XL."""


@dataclass(frozen=True, slots=True)
class ReadFormat:
    """A format, and what reads it.

    Attributes:
        name: Name of the format.
        package: Package that reads it.
        version: Its version; empty when it is not installed.
    """

    name: str
    package: str
    version: str

    @property
    def sentence(self) -> str:
        """What reads it, or would."""
        if self.version:
            return f"{self.package} {self.version}"
        return f"not installed: needs {self.package}"


def read_formats() -> list[ReadFormat]:
    """List all formats that need a package which not every copy has."""
    return [
        ReadFormat(name, package, installed_version(package) or "") for name, package in _PACKAGES.items()
    ]
