"""Links that try to lead into the local network, and a network in which to try them.

The network is made here: a resolver that knows a few names, and connections that are recorded. Connections to
"public" addresses end at a local server; a connection to any other address is a broken promise.
"""

from __future__ import annotations

import ipaddress
import random
import socket
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from desktop_app.core.images.links import addresses, wire

PUBLIC_ADDRESS = "93.184.216.34"
ANOTHER_PUBLIC_ADDRESS = "2606:2800:220:1::1"

NAMES: dict[str, list[list[str]]] = {
    "public.test": [[PUBLIC_ADDRESS]],
    "both.test": [[PUBLIC_ADDRESS, ANOTHER_PUBLIC_ADDRESS]],
    "loopback.test": [["127.0.0.1"]],
    "router.test": [["192.168.0.1"]],
    "metadata.test": [["169.254.169.254"]],
    "six.test": [["fd00::1"]],
    "mapped.test": [["::ffff:127.0.0.1"]],
    "mixed.test": [[PUBLIC_ADDRESS, "127.0.0.1"]],
    "mixed6.test": [["::1", ANOTHER_PUBLIC_ADDRESS]],
    "rebinding.test": [[PUBLIC_ADDRESS], ["127.0.0.1"]],
    "nowhere.test": [[]],
}
"""Results of the resolver, one list after another; the last one stays."""

_LINES = Path(__file__).with_name("refused_links.txt").read_text("utf-8").splitlines()
_WITH_CONTROL_CHARACTERS = ["http://127.0.0.1\t/", "http://127.0.0.1\n/", "http://127.0.0.1\0/"]
REFUSED = [line for line in _LINES if line and not line.startswith("#")]
REFUSED += ["", " http://127.0.0.1/", *_WITH_CONTROL_CHARACTERS]
"""Links that must be refused without a connection."""

REDIRECTS = [
    "http://127.0.0.1:{port}/secret",
    "//127.0.0.1:{port}/secret",
    "http://localhost:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://loopback.test:{port}/secret",
    "http://metadata.test/secret",
    "http://public.test\\@127.0.0.1:{port}/secret",
    "http://public.test@127.0.0.1:{port}/secret",
    "file:///no_such_file",
    "ftp://127.0.0.1/secret",
    "data:image/png;base64,AAAA",
]
"""Where a public server may try to send the app on to."""


def random_private_link(seed: int) -> str:
    """A link to a random private address in a random spelling."""
    dice = random.Random(seed)
    network = dice.choice(addresses._NOT_PUBLIC_V4)
    number = int(network[0]) + dice.randrange(network.num_addresses)
    dotted = str(ipaddress.IPv4Address(number))
    parts = [int(part) for part in dotted.split(".")]
    host = dice.choice(
        [
            dotted,
            str(number),
            f"0x{number:X}",
            f"0{number:o}",
            ".".join(f"0x{part:x}" for part in parts),
            ".".join(f"0{part:o}" for part in parts),
            f"{parts[0]}.{number & 0xFFFFFF}",
            f"[::ffff:{dotted}]",
            f"[64:ff9b::{dotted}]",
            f"[{ipaddress.IPv6Address((0x2002 << 112) | (number << 80))}]",
            f"[{ipaddress.IPv6Address((0xFD << 120) | dice.getrandbits(96))}]",
            f"[{ipaddress.IPv6Address((0xFE80 << 112) | dice.getrandbits(64))}]",
        ]
    )
    return f"{dice.choice(['http', 'https'])}://{host}{dice.choice(['', ':80', ':8080', ':22'])}/{seed}.png"


class Network:
    """While entered: names resolve as `NAMES` says, and every connection is recorded.

    Args:
        port: The port of the local server that stands in for all public addresses.

    Attributes:
        questions: Host names in the order in which they were resolved.
        connections: Addresses in the order in which they were connected to.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.questions: list[str] = []
        self.connections: list[str] = []
        self._resolve, self._connect = socket.getaddrinfo, wire.connect
        self._patches = ExitStack()

    def __enter__(self) -> Network:
        self._patches.enter_context(patch.object(socket, "getaddrinfo", self._getaddrinfo))
        self._patches.enter_context(patch.object(wire, "connect", self._record))
        return self

    def __exit__(self, *_: object) -> None:
        self._patches.close()

    def _getaddrinfo(self, host, port, *_arguments, **options):
        self.questions.append(host)
        answers = NAMES.get(host)
        if answers is None:  # numbers and localhost are resolved by the system, which knows every spelling
            return self._resolve(host, port, **options)
        found = answers[min(self.questions.count(host), len(answers)) - 1]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [entry for text in found for entry in self._resolve(text, port, **options)]

    def _record(self, _family, address, patience):
        self.connections.append(address[0])
        assert addresses.is_public(address[0]), f"a connection to {address[0]}"
        return self._connect(socket.AF_INET, ("127.0.0.1", self.port), patience)
