"""A file that somebody publishes under a fixed address with a known checksum."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """What is known about a file before it is here.

    Attributes:
        name: File name.
        url: Full address.
        bytes: Size; None when only its checksum is known.
        md5: Checksum as 32 hexadecimal digits. MD5 is what Keras publishes: it finds damage, and the
            encrypted connection keeps others from swapping the file. Empty where there is a better one.
        title: Name of its content for a person, such as ``VGG19``; by default the file name.
        sha512: Checksum as 128 hexadecimal digits, as npm publishes it, in place of the MD5.
    """

    name: str
    url: str
    bytes: int | None
    md5: str = ""
    title: str = ""
    sha512: str = ""

    def __post_init__(self) -> None:
        if not (self.md5 or self.sha512):
            message = f"{self.name} has no checksum"
            raise ValueError(message)
        if not self.title:
            object.__setattr__(self, "title", self.name)
