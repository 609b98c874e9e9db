import pytest

from desktop_app.core.service.options import ServiceError, ServiceOptions
from tests.core.service.running import TOKEN, picture
from tests.core.service.test_app import CLASSIFY, raw, refused


def host_status(client, host):
    return client.get("/healthz", headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["127.0.0.1:5432", "localhost:5432", "LOCALHOST:5432", "[::1]:5432"])
def test_our_own_names(client, host):
    assert host_status(client, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example:5432",
        "rebound.example",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost:5433",
        "localhost.:5432",
        "localhost.example:5432",
        "127.0.0.1.example:5432",
        "example@localhost:5432",
        "192.168.1.5:5432",
        "[::1]",
        "[::1:5432",
        "127.1:5432",
        "2130706433:5432",
        "local host:5432",
        "localhost:5432:5432",
        "localhost:٥٤٣٢",
    ],
)
def test_other_names_are_refused(client, host):
    for path in ("/healthz", "/", "/api/v1/models", "/nothing"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code in {400, 421}
        assert response.json["error"].endswith(".")


def test_the_sentence_names_the_host(client):
    response = client.get("/", headers={"Host": "rebound.example"})
    assert "'rebound.example'" in refused(response, 421)
    assert "--allowed-host" in response.json["advice"]


def test_allowed_names(make_client):
    client = make_client(allowed_hosts=("pictures.example",))
    assert host_status(client, "pictures.example") == 200
    assert host_status(client, "Pictures.Example:8443") == 200
    assert host_status(client, "other.example") == 421


def test_every_address_of_this_computer(make_client):
    client = make_client(host="0.0.0.0", token=TOKEN)
    assert host_status(client, "192.168.1.5:5432") == 200
    assert host_status(client, "[fd00::5]:5432") == 200
    assert host_status(client, "rebound.example:5432") == 421


def test_one_address_of_this_computer(make_client):
    client = make_client(host="192.168.1.5", token=TOKEN)
    assert host_status(client, "192.168.1.5:5432") == 200
    assert host_status(client, "192.168.1.6:5432") == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "http://localhost:5432"},
        {"Origin": "null"},
        {"Origin": "file://127.0.0.1:5432"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_pages_of_other_sites_are_refused(client, headers):
    refused(client.post(CLASSIFY, headers=headers, **raw()), 403)
    refused(client.get("/api/v1/models", headers=headers), 403)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://127.0.0.1:5432"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_our_own_page_and_programs_are_served(client, headers):
    assert client.post(CLASSIFY, headers=headers, **raw()).status_code == 200


def test_a_link_on_another_site_may_open_the_page(client):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers=headers).status_code == 200
    assert client.get("/docs", headers=headers).status_code == 200


def test_no_answer_lets_another_page_read_it(client):
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answers = [client.options(CLASSIFY, headers=headers), client.options(CLASSIFY), client.get("/healthz")]
    answers.append(client.post(CLASSIFY, **raw(picture())))
    assert not [name for answer in answers for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.fixture
def guarded(make_client):
    return make_client(token=TOKEN)


@pytest.mark.parametrize(
    "path", ["/api/v1/models", "/readyz", "/metrics", "/openapi.json", "/nothing", CLASSIFY]
)
def test_the_token_is_needed(guarded, path):
    response = guarded.get(path)
    assert refused(response, 401) == "The service needs a token."
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/healthz", "/", "/docs", "/parts/index.js"])
def test_what_everybody_may_see(guarded, path):
    assert guarded.get(path).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        TOKEN,
        f"Bearer {TOKEN[:-1]}",
        "Bearer ä",
    ],
)
def test_a_wrong_token(guarded, header):
    refused(guarded.post(CLASSIFY, headers={"Authorization": header}, **raw()), 401)


def test_the_right_token(guarded):
    for scheme in ("Bearer", "bearer"):
        headers = {"Authorization": f"{scheme} {TOKEN}"}
        assert guarded.post(CLASSIFY, headers=headers, **raw()).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "pictures.example"])
def test_others_may_not_ask_without_a_token(host):
    with pytest.raises(ServiceError, match="needs a token") as caught:
        ServiceOptions(host=host).check()
    assert "SIGHTLINE_TOKEN" in caught.value.advice
    ServiceOptions(host=host, token=TOKEN).check()
    ServiceOptions(host=host, open_to_all=True).check()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_computer_needs_none(host):
    ServiceOptions(host=host).check()


@pytest.mark.parametrize(
    "options", [{"token": "two words"}, {"token": "ä"}, {"threads": 1}, {"threads": 10_000}]
)
def test_options_that_cannot_work(options):
    with pytest.raises(ServiceError):
        ServiceOptions(**options).check()
