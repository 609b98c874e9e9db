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
            encrypted connection keeps others from swapping the file.
        title: Name of its content for a person, such as ``VGG19``; by default the file name.
    """

    name: str
    url: str
    bytes: int | None
    md5: str
    title: str = ""

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", self.name)
