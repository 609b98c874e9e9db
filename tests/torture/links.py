"""Promise 9: links stay public. Attacks of every known kind, and no connection into the local network."""

from __future__ import annotations

from desktop_app.core.foundation.errors import LinkError
from desktop_app.core.images.links.fetch import fetch_link
from tests.core.images.attacks import REDIRECTS, REFUSED, Network, random_private_link
from tests.servers import LocalServer, respond

FULL = 5_000


def run(count: int) -> str:
    """Try ``count`` links: the table of known attacks, redirects, then random spellings of private addresses.

    Returns:
        The sentence with the figures.
    """
    redirects = [f"http://public.test/{number}" for number in range(len(REDIRECTS))]
    attacks = [*REFUSED, *redirects][:count]
    attacks += [random_private_link(seed) for seed in range(count - len(attacks))]
    with LocalServer(_redirect) as server, Network(server.port) as network:
        for link in attacks:
            _attack(link, network)
        secrets = [path for _method, path, _headers in server.requests if "secret" in path]
        assert not secrets, f"{len(secrets)} requests reached the local network"
        assert len(server.requests) == len(network.connections) == sum(link in redirects for link in attacks)
    known = min(count, len(REFUSED) + len(REDIRECTS))
    return (
        f"{count} links ({known} known attacks, {count - known} random private addresses): "
        f"{len(network.connections)} connections, all to checked public addresses; 0 private connections."
    )


def _attack(link: str, network: Network) -> None:
    before = len(network.questions)
    refused = None
    try:
        fetch_link(link)
    except LinkError as error:
        refused = error
    assert refused is not None, f"{link!r} was fetched"
    assert str(refused), f"no reason for {link!r}"
    assert refused.advice, f"no advice for {link!r}"
    hosts = network.questions[before:]
    assert len(hosts) == len(set(hosts)), f"{link!r} was resolved more than once: {hosts}"


def _redirect(request) -> None:
    number = int(request.path.strip("/"))
    location = REDIRECTS[number].format(port=request.server.server_port)
    respond(request, status=302, headers={"Location": location})
