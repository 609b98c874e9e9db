import json

import pytest

from desktop_app.core.service import answers, openapi
from tests.core.service.running import picture
from tests.core.service.test_app import CLASSIFY, raw


@pytest.fixture
def described(client):
    response = client.get("/openapi.json")
    assert response.content_type == "application/json"
    return response.json


def references(node):
    if isinstance(node, dict):
        yield from [node["$ref"]] if "$ref" in node else []
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from references(part)


def test_every_reference_leads_somewhere(described):
    assert described["openapi"] == "3.1.0"
    found = set(references(described))
    assert "#/components/schemas/Answer" in found
    for reference in found:
        assert reference.rpartition("/")[2] in described["components"]["schemas"]


def test_it_lists_what_the_application_answers(client, described):
    rules = {
        (rule.rule, method.lower())
        for rule in client.application.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    listed = {(path, method) for path, operations in described["paths"].items() for method in operations}
    assert listed <= rules
    assert {path for path, _method in rules - listed if not path.startswith("/parts/")} == {
        "/",
        "/docs",
        "/openapi.json",
    }


def test_answers_have_the_members_that_are_listed(client, described):
    answer = client.post(CLASSIFY, **raw(picture())).json
    schema = described["components"]["schemas"]["Answer"]
    optional = {"amounts", "kind", "labels", "part", "plane", "task", "unlike"}
    assert set(schema["required"]) == set(schema["properties"]) - optional == set(answer)
    error = client.get("/api/v1/nothing").json
    assert set(error) == set(described["components"]["schemas"]["ErrorAnswer"]["properties"])
    assert answers.Answer.model_validate(answer).message == "green"


def test_both_ways_to_send_json_are_described(client, described):
    body = described["paths"][CLASSIFY]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schemas = [described["components"]["schemas"][one["$ref"].rpartition("/")[2]] for one in body["oneOf"]]
    assert [schema["required"] for schema in schemas] == [["url"], ["image"]]
    assert {frozenset(schema["properties"]) - {"url", "image"} for schema in schemas} == {
        frozenset({"model", "top"})
    }


def test_the_limits_are_the_ones_that_are_checked(described):
    [top] = [one for one in described["paths"][CLASSIFY]["post"]["parameters"] if one["name"] == "top"]
    member = described["components"]["schemas"]["LinkQuestion"]["properties"]["top"]
    for schema in (top["schema"], member):
        assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 100, 5)


def test_the_token_is_described_where_it_is_needed():
    assert "security" not in openapi.document(needs_token=False)
    guarded = openapi.document(needs_token=True)
    assert guarded["security"] == [{"token": []}]
    assert guarded["paths"]["/healthz"]["get"]["security"] == []
    json.dumps(guarded)
