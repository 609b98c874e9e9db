"""The connection with a Dask cluster, and what goes wrong with it in words."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import re
import warnings
from typing import TYPE_CHECKING, Any

from desktop_app.core.batch.job.errors import ClusterError
from desktop_app.core.batch.run.cluster_worker import Member, answer_chunk, introduce, other_version
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.batch.run.cluster_worker import ChunkAnswer, Question

CONNECT_SECONDS = 5.0
"""A scheduler that does not answer for so long is not there."""

RESULT_SECONDS = 2.0
"""An answer that does not arrive for so long is asked for again later: its worker may be gone."""

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.%\w]+\]|[^\s/:\[\]]+):(\d{1,5})/?")
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "asyncio", "tornado")
_RESUMES = "The results so far are kept: resume by the same command with --resume."


class DaskLink:
    """A scheduler with its workers; see `connect`.

    Attributes:
        address: The address of the scheduler.
    """

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self.address = address

    @property
    def workers(self) -> int:
        """How many workers there are at the moment."""
        return len(self._threads())

    @property
    def threads(self) -> int:
        """Chunks that the workers answer at the same time; 0 while there is no worker."""
        return sum(self._threads().values())

    @property
    def addresses(self) -> frozenset[str]:
        """The workers that there are at the moment."""
        return frozenset(self._threads())

    def submit(
        self,
        question: Question,
        pictures: Sequence[tuple[int, Path]],
        workers: frozenset[str] = frozenset(),
    ) -> Any:
        """Hand a chunk to whichever worker is free first.

        Args:
            question: What is asked.
            pictures: Number and path of each.
            workers: Addresses of those who are to answer if they are still there; all by default.

        Returns:
            What `finished` and `result` take.

        Raises:
            ClusterError: The scheduler was lost.
        """
        if self._client.status != "running":
            raise self._lost()
        chosen = {"workers": sorted(workers), "allow_other_workers": True} if workers else {}
        return self._client.submit(answer_chunk, question, tuple(pictures), pure=False, **chosen)

    def finished(self, futures: Sequence[Any], seconds: float) -> list[Any]:
        """Wait until at least one chunk is answered or has failed, at most for some time."""
        from distributed import CancelledError, wait

        with self._client.as_current(), contextlib.suppress(TimeoutError, CancelledError):
            wait(futures, timeout=seconds, return_when="FIRST_COMPLETED")
        return [future for future in futures if future.status != "pending"]

    def result(self, future: Any) -> ChunkAnswer | None:
        """Fetch an answer; None when its worker was lost meanwhile, so that it is being worked out again.

        Raises:
            ClusterError: There will be none: workers ended or failed, or the scheduler was lost. Another run
                can ask again.
        """
        from distributed import CancelledError, KilledWorker

        try:
            answer: ChunkAnswer = future.result(timeout=RESULT_SECONDS)
        except SightlineError:
            raise
        except CancelledError as error:
            raise self._lost() from error
        except KilledWorker as error:
            raise ClusterError(
                f"{error.allowed_failures + 1} workers ended, one after the other, over the same pictures.",
                f"Their logs say why; often there was too little memory (--memory-limit). {_RESUMES}",
            ) from error
        except Exception as error:
            if isinstance(error, TimeoutError) and future.status in {"pending", "finished"}:
                return None
            if self._client.status != "running":
                raise self._lost() from error
            raise ClusterError(
                f"A worker of {self.address} failed: {_brief(error)}.", f"Its log says more. {_RESUMES}"
            ) from error
        future.release()
        return answer

    def check(self, folders: Sequence[str] = ()) -> None:
        """Make sure that all have the same version and see the pictures.

        Args:
            folders: That every worker must see, as absolute paths.

        Raises:
            ClusterError: There is no worker, or one does not fit; the sentence says which and why.
        """
        ours = introduce()
        try:
            scheduler = self._client.run_on_scheduler(introduce)
            workers = self._client.run(introduce, tuple(folders), on_error="return")
        except Exception as error:
            raise self._stranger(f"The scheduler {self.address}", error) from error
        if not workers:
            raise ClusterError(
                f"The cluster at {self.address} has no worker.",
                f"Start some: dask worker {self.address} --nthreads 1",
            )
        self._check_member(f"The scheduler {self.address}", scheduler, ours)
        for address, worker in workers.items():
            self._check_member(f"The worker {address}", worker, ours)

    def _check_member(self, who: str, member: Member | Exception, ours: Member) -> None:
        if not isinstance(member, Member):
            raise self._stranger(who, member) from member
        who = f"{who} on {member.computer}"
        if member.sightline != ours.sightline:
            raise other_version(who, member.sightline, ours.sightline)
        if member.dask != ours.dask:
            raise ClusterError(
                f"{who} has dask.distributed {member.dask}, this computer {ours.dask}.",
                "Install the same version everywhere.",
            )
        if member.missing:
            raise not_shared(who, member.missing[0])

    def _stranger(self, who: str, error: Exception) -> ClusterError:
        if self._client.status != "running":
            return self._lost()
        return ClusterError(
            f"{who} does not know this version of Sightline: {_brief(error)}.",
            "Start it where the same Sightline is installed as here, with its own 'dask' command.",
        )

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"The connection with the scheduler {self.address} was lost.", f"Start it again. {_RESUMES}"
        )

    def _threads(self) -> dict[str, int]:
        if self._client.status != "running":
            return {}
        try:
            return dict(self._client.nthreads())
        except OSError:
            return {}


def not_shared(who: str, path: str) -> ClusterError:
    """Say that pictures are not where a worker looks for them."""
    return ClusterError(
        f"{who} does not see {printable(path)}.",
        "Share the folder with all workers under the same path, for instance by NFS.",
    )


@contextlib.contextmanager
def connect(address: str) -> Iterator[DaskLink]:
    """Connect with a scheduler; at the end, what is not answered yet is taken back from the workers.

    Args:
        address: ``tcp://HOST:PORT``, or ``tls://HOST:PORT`` with certificates from Dask's own configuration.

    Raises:
        ClusterError: It is not an address, nobody answers there, or dask.distributed is not installed.
    """
    check_address(address)
    if importlib.util.find_spec("distributed") is None:
        raise ClusterError(
            "A cluster needs the package distributed, which is not installed.",
            "Install Sightline with its extra 'cluster' (pip install -e '.[cluster]' in its folder), or "
            "leave --scheduler away.",
        )
    from distributed import Client
    from distributed.versions import VersionMismatchWarning

    with _quiet(), contextlib.ExitStack() as opened:
        _greet(address)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)  # `DaskLink.check` says it in words
            try:
                client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
            except Exception as error:
                raise _unreachable(address, error) from error
        opened.callback(client.close, timeout=CONNECT_SECONDS)
        yield DaskLink(client, address)


def check_address(address: str) -> None:
    """Make sure that an address can be one of a scheduler.

    Raises:
        ClusterError: It cannot.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or not 0 < int(match[3]) < 65_536:
        raise ClusterError(
            f"'{printable(address)}' is not the address of a scheduler.",
            "Write it like tcp://192.168.0.10:8786, as 'dask scheduler' prints it.",
        )


def _greet(address: str) -> None:
    """Make sure that a scheduler answers: a client would wait for ever for one that says nothing."""
    from distributed import rpc
    from distributed.security import Security

    async def ask() -> dict[str, Any]:
        async with asyncio.timeout(CONNECT_SECONDS):
            arguments = Security().get_connection_args("client")
            async with rpc(address, timeout=CONNECT_SECONDS, connection_args=arguments) as scheduler:
                answer: dict[str, Any] = await scheduler.identity()
                return answer

    try:
        kind = asyncio.run(ask()).get("type")
    except Exception as error:
        raise _unreachable(address, error) from error
    if kind != "Scheduler":
        raise ClusterError(
            f"{address} is not a scheduler of Dask, but a {str(kind).lower()}.",
            "Name the address that 'dask scheduler' prints.",
        )


def _unreachable(address: str, error: Exception) -> ClusterError:
    if address.startswith("tls://"):
        return ClusterError(
            f"The scheduler {address} cannot be reached: {_brief(error)}.",
            "Check the address, that it runs, and Dask's settings distributed.comm.tls.",
        )
    return ClusterError(
        f"No scheduler of Dask answers at {address}.", "Check the address, and that 'dask scheduler' runs."
    )


def _brief(error: BaseException) -> str:
    """The first line of what an error says."""
    lines = str(error).strip().splitlines()
    return printable(lines[0][:200].rstrip(".")) if lines else type(error).__name__


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log off the terminal: what matters of it is reported in sentences."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
