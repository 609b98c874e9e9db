"""The running service: listens, answers, and stops without losing a request."""

from __future__ import annotations

import errno
import logging
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from waitress import wasyncore
from waitress.adjustments import Adjustments

from desktop_app.core.foundation.errors import Cancelled, SightlineError
from desktop_app.core.foundation.text import printable
from desktop_app.core.service import limits, openapi
from desktop_app.core.service.activity import Activity
from desktop_app.core.service.answering import Answering
from desktop_app.core.service.app import make_app
from desktop_app.core.service.models import Models
from desktop_app.core.service.options import PortTaken, ServiceError, ServiceOptions
from desktop_app.core.service.web_server import SETTINGS, LabelWSGIServer

if TYPE_CHECKING:
    from waitress.task import ThreadedTaskDispatcher

    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.service.activity import RequestError

logger = logging.getLogger(__name__)

_TURN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class ServiceSnapshot:
    """What the service did so far, for a person.

    Attributes:
        address: The address, such as ``http://127.0.0.1:5432``; empty before it does.
        model_id: The model for requests that name none.
        ready: Whether that model is loaded.
        requests: The number of requests answered, errors included.
        pictures: The number of pictures classified.
        errors: The last errors, the newest first.
        problem: The reason why that model cannot be loaded, and advice; empty while it can.
        by: What computes that model's answers; None while it is not in memory.
    """

    address: str
    model_id: str
    ready: bool
    requests: int
    pictures: int
    errors: tuple[RequestError, ...]
    problem: str = ""
    by: AnsweredBy | None = None


class LabelServer:
    """One service: `listen`, then `run` in the thread that it may keep, then `close` from anywhere.

    Waitress brings the threads that answer. The default model is loaded by the first of them, so that the
    service already says how it is while that takes place.
    """

    def __init__(self, pool: ModelPool, options: ServiceOptions) -> None:
        """Open nothing yet.

        Args:
            pool: The models in memory; the default one is in use until the end of the service.
            options: The options of the service.

        Raises:
            ServiceError: The options are unsafe or cannot work.
        """
        options.check()
        self.options = options
        self.activity = Activity()
        self.models = Models(pool, options.model_id, on_batch=self.activity.batch_ran)
        self.answering = Answering(self.models, options, self.activity)
        self.activity.watch(
            "sightline_waiting_pictures", "Pictures that wait for the network", self.models.waiting
        )
        self.activity.watch(
            "sightline_in_flight_pictures",
            "Pictures being worked on",
            lambda: self.answering.pictures_limit.taken,
        )
        self._server: LabelWSGIServer | None = None
        self._dispatcher: ThreadedTaskDispatcher | None = None
        self._sockets: dict[int, Any] = {}
        self._address = ""
        self._closing = False
        self._patience: float | None = None
        self._lock = threading.RLock()  # a signal's handler may close while its own thread holds it

    def listen(self) -> str:
        """Begin to listen; requests wait until `run`.

        Returns:
            The address, such as ``http://127.0.0.1:5432``.

        Raises:
            ServiceError: The address is in use, forbidden or not this computer's.
        """
        listener = self._bind()
        host, port = listener.getsockname()[:2]
        _quieten_waitress()
        adjustments = Adjustments(
            sockets=[listener],
            threads=self.options.threads,
            connection_limit=self.options.threads + limits.SPARE_CONNECTIONS,
            max_request_header_size=limits.MAX_HEADER_BYTES,
            inbuf_overflow=limits.SPOOL_BYTES,
            **SETTINGS,
        )
        self._server = LabelWSGIServer(
            make_app(self.answering, self.activity, self.options, port),
            map=self._sockets,
            _sock=listener,
            adj=adjustments,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )
        self._dispatcher = self._server.task_dispatcher
        self._address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        return self._address

    def run(self) -> bool:
        """Answer requests until `close`, then finish those in flight.

        Returns:
            Whether all threads ended. If not, one is in the middle of something that cannot be stopped, such
            as loading a model, and only the end of the process ends it.
        """
        assert self._server is not None, "listen first"
        server = self._server
        try:
            self.models.reserve_default()  # else the first request might come before the task and load it
            server.task_dispatcher.add_task(_LoadDefault(self.models))
            while not self._closing:
                self._turn(1.0)
            self._drain(server)
        finally:
            finished = self._tidy(server)
        return finished

    def close(self, seconds: float | None = None) -> None:
        """Ask `run` to end; from any thread, from a signal's handler, any number of times.

        Args:
            seconds: How long requests in flight may still take, instead of `limits.DRAIN_SECONDS`; what the
                last call says counts.
        """
        self._patience = seconds
        self._closing = True
        with self._lock:
            if self._server is not None:
                self._server.pull_trigger()

    def snapshot(self) -> ServiceSnapshot:
        """Return the activity so far; from any thread."""
        return ServiceSnapshot(
            self._address,
            self.models.default_id,
            self.models.ready,
            self.activity.requests,
            self.activity.pictures,
            self.activity.last_errors(),
            self.models.problem,
            self.models.answered_by(),
        )

    @property
    def address(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:5432``; empty before it does."""
        return self._address

    @property
    def ended(self) -> bool:
        """Whether no thread of its own is left, also some time after `run` had to leave one behind."""
        return self._dispatcher is None or not self._dispatcher.threads

    def curl_line(self, address: str = "", *, show_token: bool = False) -> str:
        """A command that asks this service, to be copied into a terminal.

        Args:
            address: The address to use; by default the one that it listens on.
            show_token: Whether the line holds the token itself instead of a variable.
        """
        token = self.options.token if show_token else "$SIGHTLINE_TOKEN"
        header = f'-H "Authorization: Bearer {token}" ' if self.options.token else ""
        return f"curl {header}-F image=@picture.jpg {address or self._address}{openapi.CLASSIFY}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening, also when it never ran."""
        self.close()
        if self._server is not None:
            self._tidy(self._server)

    def _bind(self) -> socket.socket:
        host, port = self.options.host, self.options.port
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            family, _type, _protocol, _name, address = min(
                found, key=lambda entry: entry[0] != socket.AF_INET
            )
            return socket.create_server(address[:2], family=family)
        except (OSError, OverflowError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            kind = PortTaken if getattr(error, "errno", None) == errno.EADDRINUSE else ServiceError
            raise kind(
                f"The service cannot listen on {printable(host)}, port {port}: {reason}.",
                "Another program may be using the port: choose one with --port (0 takes a free one).",
            ) from error

    def _turn(self, seconds: float) -> None:
        """Move bytes between sockets and requests once; wait for some at most this long."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)

    def _drain(self, server: LabelWSGIServer) -> None:
        """Take what has arrived, accept nothing new, and answer what is in flight."""
        stopped = time.monotonic()
        self._turn(0)
        server.stop_listening()
        while server.close_idle():
            passed = time.monotonic() - stopped
            patience, for_links = limits.DRAIN_SECONDS, limits.LINK_DRAIN_SECONDS
            if self._patience is not None:
                patience, for_links = self._patience, self._patience / 2
            if passed >= patience:
                break
            if passed > for_links:
                self.answering.give_up_links()
            self._turn(_TURN_SECONDS)

    def _tidy(self, server: LabelWSGIServer) -> bool:
        """End the threads and close everything that is open."""
        self.answering.give_up_links()
        self.models.close()
        with self._lock:
            self._server = None
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.5)
        server.trigger.close()
        wasyncore.close_all(self._sockets)
        return not server.task_dispatcher.threads


class _LoadDefault:
    """A task for one of waitress's threads: get the default model ready."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def service(self) -> None:
        try:
            self._models.load_default()
        except Cancelled:
            logger.debug("The service ended before its model was loaded.")
        except SightlineError as error:
            logger.error("%s", error.reason.sentence)  # noqa: TRY400 - a sentence, not a defect

    def cancel(self) -> None:
        """Waitress stops before the model's turn came."""


def _quieten_waitress() -> None:
    """Keep its defects; that a service is busy or stops is no news, for it counts what it refuses."""
    for name in ("waitress", "waitress.queue"):
        logging.getLogger(name).setLevel(logging.ERROR)
