"""``sightline serve``: the local API in a terminal."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from desktop_app.commands import DONE, WRONG_USAGE
from desktop_app.commands.engine_options import engine_choice
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.installation.logging_setup import ScrubbedFormatter

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from desktop_app.core.service.options import ServiceOptions
    from desktop_app.core.service.server import LabelServer

TOKEN_VARIABLE = "SIGHTLINE_TOKEN"  # noqa: S105 - the name of a variable


def serve(options: argparse.Namespace) -> int:
    """Answer requests until SIGTERM or Ctrl+C.

    Returns:
        0 once the requests in flight are answered, 2 when the service cannot start.
    """
    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.library.store import Library
    from desktop_app.core.service.server import LabelServer

    library = Library.default()
    library.sweep()
    try:
        pool = ModelPool(library, choice=engine_choice(options))
        with (
            LabelServer(pool, _service_options(options)) as server,
            _records_on_stderr(),
            _ended_by_signals(server),
        ):
            server.models.check_known()
            address = server.listen()
            print(f"The local API listens on {address}. Ctrl+C stops it. Try:", file=sys.stderr)
            print(f"  {server.curl_line()}", file=sys.stderr, flush=True)
            finished = server.run()
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE
    if not finished:
        # A thread is inside an engine; Python's usual exit would free what it uses.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(DONE)
    return DONE


def _service_options(options: argparse.Namespace) -> ServiceOptions:
    from desktop_app.core.service.options import ServiceOptions

    token = options.token if options.token is not None else os.environ.get(TOKEN_VARIABLE, "")
    return ServiceOptions(
        host=options.host,
        port=options.port,
        model_id=options.model,
        token="" if options.no_token else token,
        open_to_all=options.no_token,
        allowed_hosts=tuple(name.lower() for name in options.allowed_host),
        allow_private_hosts=options.allow_private_hosts,
        threads=options.threads,
    )


@contextlib.contextmanager
def _records_on_stderr() -> Iterator[None]:
    """Show the service's log, tracebacks included, without what identifies the user."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbedFormatter("%(message)s"))
    root, app = logging.getLogger(), logging.getLogger("desktop_app")
    level = app.level
    app.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        app.setLevel(level)


@contextlib.contextmanager
def _ended_by_signals(server: LabelServer) -> Iterator[None]:
    """Let SIGTERM and Ctrl+C stop the service instead of the process."""

    def stop(_number: int, _frame: object) -> None:
        server.close()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
