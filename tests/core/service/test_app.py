import io
import json

import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import LinkTimeout, ModelError
from desktop_app.core.images import load
from desktop_app.core.kinds.kind import Kind
from desktop_app.core.library.card import read_card
from desktop_app.core.library.store import Library
from desktop_app.core.service import answering, asking
from desktop_app.core.service.limits import LARGE_BODY_BYTES, MAX_BODY_BYTES
from tests.core.images.samples import valid_files
from tests.core.service.running import picture
from tests.servers import respond

CLASSIFY = "/api/v1/classify_image"
GREEN = picture()
ENGINE = {"name": "tensorflow", "precision": "float32", "device": "test bench"}


def form(data=GREEN, **fields):
    return {"data": {"image": (io.BytesIO(data), "a.png"), **fields}}


def raw(data=GREEN, kind="image/png"):
    return {"data": data, "content_type": kind}


def as_json(**members):
    return {"data": json.dumps(members), "content_type": "application/json"}


def refused(response, status):
    """Check that a response is an error in the service's format, and return its sentence."""
    assert response.status_code == status, response.data
    assert response.content_type == "application/json"
    assert set(response.json) == {"error", "advice"}
    assert response.json["error"].endswith((".", ".)"))
    assert "Traceback" not in response.text
    return response.json["error"]


def test_a_form(client):
    response = client.post(CLASSIFY, **form())
    assert response.status_code == 200
    answer = response.json
    assert set(answer) == {"message", "model", "engine", "predictions", "seconds"}
    assert answer["engine"] == ENGINE
    assert (answer["message"], answer["model"]) == ("green", "colours")
    assert answer["predictions"][0] == {
        "rank": 1,
        "class_id": "id-green",
        "label": "green",
        "name": "green",
        "probability": answer["predictions"][0]["probability"],
    }
    assert [entry["rank"] for entry in answer["predictions"]] == [1, 2, 3]
    assert answer["predictions"][0]["probability"] > 0.9
    assert 0 <= answer["seconds"] < 10


@pytest.mark.parametrize(("distance", "unlike"), [(0.4, False), (1.7, True)])
def test_a_model_that_can_tell_says_whether_the_picture_is_unlike(client, loader, distance, unlike):
    assert "unlike" not in client.post(CLASSIFY, **form()).json
    loader.classifiers["colours"].distance = distance
    answer = client.post(CLASSIFY, **form()).json
    assert (answer["unlike"], answer["message"]) == (unlike, "green")


def test_the_broader_kind_of_a_model_that_has_kinds(client, loader):
    client.post(CLASSIFY, **form())
    loader.classifiers["colours"].kind = Kind("cat", 0.8600004, 5, first=True)
    answer = client.post(CLASSIFY, **form()).json
    assert answer["kind"] == {"name": "cat", "probability": 0.86, "classes": 5, "first": True}
    assert answer["message"] == "green"


@pytest.mark.parametrize("kind", sorted(valid_files()))
def test_raw_bytes_of_every_format(client, kind):
    assert client.post(CLASSIFY, **raw(valid_files()[kind], f"image/{kind.lower()}")).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", asking.LINES])
def test_a_link(make_client, serve, kind):
    server = serve(lambda request: respond(request, GREEN))
    client = make_client(allow_private_hosts=True)
    body = json.dumps({"url": f"{server.url}/a.png", "top": 1})
    answer = client.post(CLASSIFY, data=body, content_type=kind).json
    assert answer["message"] == "green"
    assert len(answer["predictions"]) == 1


def test_parameters_stand_anywhere(client):
    assert client.post(f"{CLASSIFY}?model=colours-2&top=2", **raw()).json["model"] == "colours-2"
    answer = client.post(f"{CLASSIFY}?model=colours&top=1", **form(model="colours-2", top="2")).json
    assert (answer["model"], len(answer["predictions"])) == ("colours-2", 2)


@pytest.mark.parametrize("top", ["0", "101", "-1", "1.5", "five", "", "1e1", "\u0661", "9999"])
def test_top_is_a_number_from_1_to_100(client, top):
    assert "1 to 100" in refused(client.post(CLASSIFY, query_string={"top": top}, **raw()), 422)
    assert "1 to 100" in refused(client.post(CLASSIFY, **form(top=top)), 422)


@pytest.mark.parametrize("top", [0, 101, "5", 1.5, True, None, [], {}])
def test_top_in_json_is_a_number_too(client, top):
    assert "1 to 100" in refused(client.post(CLASSIFY, **as_json(url="http://a.test/", top=top)), 422)


def test_a_whole_number_may_look_like_a_fraction(make_client, serve):
    client = make_client(allow_private_hosts=True)
    url = serve(lambda request: respond(request, GREEN)).url
    assert len(client.post(CLASSIFY, **as_json(url=url, top=2.0)).json["predictions"]) == 2


def test_a_bad_query_is_refused_although_the_body_is_good(client):
    refused(client.post(f"{CLASSIFY}?top=101", **form(top="5")), 422)


def test_a_parameter_given_twice(client):
    assert "more than once" in refused(client.post(f"{CLASSIFY}?top=1&top=2", **raw()), 422)


@pytest.mark.parametrize("members", [{"url": 5}, {"url": None}, {"url": "http://a.test/", "model": 5}])
def test_members_of_another_type(client, members):
    assert "must be a string" in refused(client.post(CLASSIFY, **as_json(**members)), 422)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"url"', b"{}", b"null", b"\xff\xfe", b"[" * 2_000, b'{"urls": "x"}']
)
def test_bad_json(client, body):
    refused(client.post(CLASSIFY, data=body, content_type="application/json"), 400)


def test_a_file_that_is_no_picture(client):
    response = client.post(CLASSIFY, **form(b"<!DOCTYPE html><html></html>"))
    assert refused(response, 400) == "This is not a picture but a web page."
    assert response.json["advice"]


@pytest.mark.parametrize(
    "request_",
    [
        raw(b""),
        form(b""),
        {"data": {"image": "no file"}, "content_type": "multipart/form-data"},
        {"data": {"picture": (io.BytesIO(GREEN), "a.png")}},
        {"data": b"no boundary", "content_type": "multipart/form-data"},
        {"data": b"--x\r\ncut off", "content_type": "multipart/form-data; boundary=x"},
    ],
)
def test_no_picture(client, request_):
    refused(client.post(CLASSIFY, **request_), 400)


def test_two_pictures(client):
    two = {"image": [(io.BytesIO(GREEN), "a.png"), (io.BytesIO(GREEN), "b.png")]}
    assert "more than one" in refused(client.post(CLASSIFY, data=two), 400)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/pdf", "application/x-www-form-urlencoded", "", "nonsense"]
)
def test_other_content(client, kind):
    refused(client.post(CLASSIFY, data=b"a=b", content_type=kind), 415)


def test_too_large(client):
    refused(client.post(CLASSIFY, **raw(bytes(MAX_BODY_BYTES + 1))), 413)
    refused(client.post(CLASSIFY, **as_json(url="x" * 20_000)), 413)
    field = b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\n' + b"x" * 600_000 + b"\r\n--x--\r\n"
    refused(client.post(CLASSIFY, data=field, content_type="multipart/form-data; boundary=x"), 413)
    refused(client.post(CLASSIFY, **form(**{str(number): "x" for number in range(50)})), 413)


@pytest.mark.parametrize("model_id", ["dragons", "../colours", "\ud800", "x" * 3000])
def test_an_unknown_model(client, model_id):
    response = client.post(CLASSIFY, **as_json(url="http://a.test/", model=model_id))
    assert "no model" in refused(response, 404)
    assert "colours, colours-2" in response.json["advice"]


def test_an_empty_model_is_the_default_one(client):
    assert client.post(f"{CLASSIFY}?model=", **raw()).json["model"] == "colours"


def test_a_model_that_is_not_installed(client):
    assert "not installed" in refused(client.post(f"{CLASSIFY}?model=vgg19", **raw()), 404)


def test_a_link_that_times_out(client, monkeypatch):
    def too_slow(*_arguments, **_options):
        raise LinkTimeout("The server took too long.", "Try again later.")

    monkeypatch.setattr(answering, "bring_here", too_slow)
    refused(client.post(CLASSIFY, **as_json(url="http://a.test/")), 504)


def test_a_model_that_is_being_loaded(make_client, loader):
    client = make_client()
    loader.gate.clear()
    client.application.answering.models._loading = "colours-3"
    response = client.post(CLASSIFY, **raw())
    assert "being loaded" in refused(response, 503)
    assert int(response.headers["Retry-After"]) >= 1


def test_no_place_left(client, monkeypatch):
    monkeypatch.setattr(
        client.application.answering.pictures_limit,
        "_taken",
        client.application.answering.pictures_limit.limit,
    )
    response = client.post(CLASSIFY, **raw())
    assert "busy" in refused(response, 429)
    assert int(response.headers["Retry-After"]) >= 1


def test_no_place_left_for_links(client, monkeypatch):
    limit = client.application.answering.links_limit
    monkeypatch.setattr(limit, "_taken", limit.limit)
    assert "links" in refused(client.post(CLASSIFY, **as_json(url="http://a.test/")), 429)
    assert client.post(CLASSIFY, **raw()).status_code == 200


def test_no_place_left_for_large_bodies(client, monkeypatch):
    limit = client.application.answering.large_limit
    monkeypatch.setattr(limit, "_taken", limit.limit)
    assert "large" in refused(client.post(CLASSIFY, **raw(GREEN + bytes(LARGE_BODY_BYTES))), 429)
    assert client.post(CLASSIFY, **raw()).status_code == 200
    monkeypatch.setattr(limit, "_taken", 0)
    assert client.post(CLASSIFY, **raw(GREEN + bytes(LARGE_BODY_BYTES))).status_code == 200
    assert limit.taken == 0


def test_a_network_that_fails(client, loader, caplog):
    client.post(CLASSIFY, **raw())
    loader.classifiers["colours"].error = ModelError("Colours cannot answer: no memory.", "Close programs.")
    assert refused(client.post(CLASSIFY, **raw()), 500) == "Colours cannot answer: no memory."
    loader.classifiers["colours"].error = None
    assert client.post(CLASSIFY, **raw()).status_code == 200


def test_a_defect_is_logged_and_not_told(client, monkeypatch, caplog):
    def defect(*_arguments, **_options):
        raise ZeroDivisionError("secret path /home/ada")

    monkeypatch.setattr(load, "read_seen", defect)
    response = client.post(CLASSIFY, **raw())
    assert refused(response, 500) == "The service met a problem of its own."
    assert "secret" not in response.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/parts/../app.py", 404),
        ("GET", "/parts/index.html", 404),
        ("GET", CLASSIFY, 405),
        ("DELETE", "/", 405),
        ("POST", "/metrics", 405),
    ],
)
def test_other_addresses_and_methods(client, method, path, status):
    response = client.open(path, method=method)
    refused(response, status)
    assert bool(response.headers.get("Allow")) == (status == 405)


def test_the_models(client):
    client.post(CLASSIFY, **raw())
    models = {entry["id"]: entry for entry in client.get("/api/v1/models").json["models"]}
    assert models["colours"] | {"description": ""} == {
        "id": "colours",
        "name": "Colours",
        "description": "",
        "classes": 3,
        "task": "classification",
        "default": True,
        "loaded": True,
        "engine": ENGINE,
        "problem": "",
    }
    assert "engine" not in models["colours-2"]
    assert not models["colours-2"]["loaded"]
    assert models["vgg19"]["problem"]


def test_no_answer_says_where_files_lie(client, loader, caplog):
    card = Library.default().installed / "colours-2" / "card.json"
    card.write_text("{damaged")
    with pytest.raises(ModelError) as raised:
        read_card(card.parent)
    loader.error = raised.value
    response = client.post(f"{CLASSIFY}?model=colours-2", **raw())
    assert "The model card card.json is not valid" in refused(response, 500)
    models = {entry["id"]: entry for entry in client.get("/api/v1/models").json["models"]}
    problem = models["colours-2"]["problem"]
    assert "card.json is not valid" in problem
    for text in (response.text, problem):
        assert str(paths.home()) not in text
        assert "models/colours-2" not in text
    assert str(card) in caplog.text  # for the operator of the service


def test_health_and_readiness(client, loader):
    assert client.get("/healthz").json == {"status": "ok"}
    response = client.get("/readyz")
    refused(response, 503)
    assert response.headers["Retry-After"]
    client.post(CLASSIFY, **raw())
    assert client.get("/readyz").json == {"status": "ready", "model": "colours", "engine": ENGINE}


def test_why_it_is_not_ready(client, loader, caplog):
    loader.error = ModelError("The file is damaged.", "Import it again.")
    refused(client.post(CLASSIFY, **raw()), 500)
    assert refused(client.get("/readyz"), 503) == "The file is damaged."


def test_the_figures(client):
    client.post(CLASSIFY, **raw())
    client.post(CLASSIFY, **raw(b"nothing"))
    client.get("/wherever")
    response = client.get("/metrics")
    assert response.content_type.startswith("text/plain; version=0.0.4")
    lines = response.text.splitlines()
    assert f'sightline_requests_total{{path="{CLASSIFY}",status="200"}} 1.0' in lines
    assert f'sightline_requests_total{{path="{CLASSIFY}",status="400"}} 1.0' in lines
    assert 'sightline_requests_total{path="other",status="404"} 1.0' in lines
    labels = 'engine="tensorflow",model="colours",precision="float32"'
    assert f"sightline_pictures_total{{{labels}}} 1.0" in lines
    assert "sightline_batch_pictures_count 1.0" in lines
    assert f'sightline_request_seconds_count{{path="{CLASSIFY}"}} 2.0' in lines


def test_the_last_errors(client):
    client.post(CLASSIFY, **raw(b"nothing"))
    client.get("/favicon.ico")
    activity = client.application.activity
    [error] = activity.last_errors()
    assert error.status == 400
    assert error.sentence.startswith("This is not a picture")
    assert (activity.requests, activity.pictures) == (2, 0)


@pytest.mark.parametrize("path", ["/", "/docs", "/parts/service.css", "/parts/index.js", "/parts/icon.svg"])
def test_pages_load_nothing_from_elsewhere(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert "//" not in response.text.replace("https://example.org", "").replace('"https://"', "").replace(
        "http://www.w3.org/2000/svg", ""
    ).replace("// ", "").replace(r"https?:\/\/", "")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
