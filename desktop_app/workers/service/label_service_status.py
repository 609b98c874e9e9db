"""The status of the local API, for the window."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.service.options import PortTaken, ServiceError, is_loopback, is_wildcard

if TYPE_CHECKING:
    from desktop_app.core.foundation.errors import SightlineError
    from desktop_app.core.service.server import LabelServer, ServiceSnapshot

_SOMEWHERE = ("192.0.2.1", 9)
"""An address that nobody has (RFC 5737), to find our own address that a packet would leave from."""


class ServiceState(Enum):
    """The states of the service between off and on."""

    OFF = "off"
    STARTING = "starting"
    ON = "on"
    STOPPING = "stopping"
    FAILED = "failed"


_ON_THE_WAY = {
    ServiceState.OFF: "",
    ServiceState.STARTING: "The local API is starting…",
    ServiceState.STOPPING: "The local API is stopping…",
}


@dataclass(frozen=True, slots=True)
class Listening:
    """The facts that are known once the service listens.

    Attributes:
        address: The address for programs on this computer, such as ``http://127.0.0.1:5432``.
        network_address: The address for other computers; empty if there is none or they are not allowed.
        port: The port in use.
        curl_line: The example command, with the token if there is one.
        model_name: The readable name of its model.
    """

    address: str
    network_address: str
    port: int
    curl_line: str
    model_name: str

    @classmethod
    def of(cls, server: LabelServer, model_name: str) -> Listening:
        """Describe a server that listens; asks the system for this computer's address."""
        address = server.address
        port = int(address.rpartition(":")[2])
        network_address = ""
        if is_wildcard(server.options.host):
            address = f"http://127.0.0.1:{port}"
            own = own_address()
            network_address = f"http://{own}:{port}" if own else ""
        curl_line = server.curl_line(network_address or address, show_token=True)
        return cls(address, network_address, port, curl_line, model_name)


@dataclass(frozen=True, slots=True)
class LabelServiceStatus:
    """Everything that a dialog or a status bar shows of the service.

    Attributes:
        state: The state of the service.
        listening: The facts about it; None unless it listens, or did until it began to stop.
        snapshot: The figures so far; None likewise.
        problem: The reason why it could not be switched on; None unless ``state`` is FAILED.
        port_taken: Whether another program has the port.
    """

    state: ServiceState = ServiceState.OFF
    listening: Listening | None = None
    snapshot: ServiceSnapshot | None = None
    problem: Reason | None = None
    port_taken: bool = False

    @classmethod
    def failed(cls, error: SightlineError, port: int) -> LabelServiceStatus:
        """Describe why the service could not be switched on, without words of the command line."""
        if isinstance(error, PortTaken):
            problem = Reason(f"Port {port} is in use by another program.", "Choose another port.")
        elif isinstance(error, ServiceError):
            advice = "Choose another port; those below 1024 may belong to the system."
            problem = replace(error.reason, advice=advice)
        else:
            problem = error.reason
        return cls(ServiceState.FAILED, problem=problem, port_taken=isinstance(error, PortTaken))

    def becoming(self, state: ServiceState) -> LabelServiceStatus:
        """The same in another state."""
        return replace(self, state=state)

    @property
    def curl_line(self) -> str:
        """A command that asks the service, to be copied into a terminal; empty while it does not listen."""
        return self.listening.curl_line if self.listening else ""

    @property
    def model_problem(self) -> str:
        """The reason why the model cannot classify although the service is on; empty if it can."""
        return self.snapshot.problem if self.snapshot else ""

    @property
    def sentence(self) -> str:
        """One short line, for a status bar too; empty while the service is off."""
        if self.problem is not None:
            return f"The local API is off. {self.problem.text}"
        if self.state is not ServiceState.ON or self.listening is None or self.snapshot is None:
            return _ON_THE_WAY[self.state]
        if self.model_problem:
            return f"The local API cannot classify: {self.listening.model_name} is not loaded."
        if not self.snapshot.ready:
            return f"The local API is loading {self.listening.model_name}…"
        return f"The local API is on: {self.listening.network_address or self.listening.address}"


def own_address() -> str:
    """The address of this computer in its network; empty without a network. Nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_SOMEWHERE)
            address = str(probe.getsockname()[0])
    except OSError:
        return ""
    return "" if is_loopback(address) or is_wildcard(address) else address
