"""The OpenAPI 3.1 document, made from the models that the answers are made of."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from desktop_app import __version__
from desktop_app.core.service import answers
from desktop_app.core.service.limits import DEFAULT_TOP, MAX_BODY_BYTES, MAX_TOP

CLASSIFY = "/api/v1/classify_image"
MODELS = "/api/v1/models"

_REF = "#/components/schemas/{model}"
_OUT = (
    answers.Answer,
    answers.ModelList,
    answers.Health,
    answers.Readiness,
    answers.ErrorAnswer,
)
_IN = (answers.LinkQuestion, answers.PictureQuestion)
_ERRORS = {
    400: "The picture cannot be read, or the request is not valid.",
    401: "The token is missing or wrong.",
    403: "The request comes from a page of another site.",
    404: "There is no such model.",
    413: "The request is too large.",
    415: "The service does not take this content type.",
    421: "The Host header is not the service's.",
    422: "A parameter is out of range or of the wrong type.",
    429: "The service is busy; Retry-After says when to ask again.",
    431: "The headers are too long.",
    500: "The model failed, or the service met a problem of its own.",
    503: "The model is being loaded, or the service stops; Retry-After says when to ask again.",
    504: "The link's server took too long.",
}
_ALWAYS = (401, 403, 421, 431, 500)
_WITH_DELAY = frozenset({429, 503})


def document(*, needs_token: bool) -> dict[str, Any]:
    """Describe the service.

    Args:
        needs_token: Whether requests must carry one.

    Returns:
        What ``/openapi.json`` answers.
    """
    schemas: dict[str, Any] = {
        **models_json_schema([(model, "serialization") for model in _OUT], ref_template=_REF)[1]["$defs"],
        **models_json_schema([(model, "validation") for model in _IN], ref_template=_REF)[1]["$defs"],
    }
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Sightline local API",
            "version": __version__,
            "description": "Says what a picture shows. Nothing leaves the computer that it runs on.",
        },
        "servers": [{"url": "/"}],
        "paths": {
            CLASSIFY: {"post": _classify()},
            MODELS: {"get": _get("The models that can be asked", "ModelList")},
            "/healthz": {"get": _get("Whether the process lives", "Health", token=False)},
            "/readyz": {"get": _get("Whether the default model is loaded", "Readiness", 503)},
            "/metrics": {"get": _metrics()},
        },
        "components": {"schemas": schemas},
    }
    if needs_token:
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
    return described


def _classify() -> dict[str, Any]:
    return {
        "operationId": "classifyImage",
        "summary": "Name what a picture shows",
        "description": "Send the picture as a form, as its own bytes, as base64 in JSON, or as a link to it. "
        "Parameters in the form or in the JSON count more than those in the query. Bodies as TF Serving, "
        "Lobe and Vertex AI take them are understood as well, with one picture.",
        "parameters": [
            _parameter("model", {"type": "string"}, "id of the model to use; the default one if left out"),
            _parameter("top", _top(), "how many classes to answer with"),
        ],
        "requestBody": {
            "required": True,
            "description": f"At most {MAX_BODY_BYTES // 1_000_000} MB; in JSON, before it becomes base64.",
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "image": {
                                "type": "string",
                                "format": "binary",
                                "description": "the picture's file",
                            },
                            "model": {"type": "string"},
                            "top": _top(),
                        },
                        "required": ["image"],
                    },
                    "encoding": {"image": {"contentType": "application/octet-stream"}},
                },
                "application/json": {
                    "schema": {"oneOf": [{"$ref": _REF.format(model=model.__name__)} for model in _IN]}
                },
                "image/*": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "responses": _responses("Answer", 400, 404, 413, 415, 422, 429, 503, 504),
    }


def _get(summary: str, answer: str, *errors: int, token: bool = True) -> dict[str, Any]:
    described: dict[str, Any] = {"summary": summary, "responses": _responses(answer, *errors)}
    if not token:
        described["security"] = []
    return described


def _metrics() -> dict[str, Any]:
    responses = _responses("Health")
    responses["200"] = {
        "description": "Figures in Prometheus's text format.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
    return {"summary": "Figures for Prometheus", "responses": responses}


def _responses(answer: str, *errors: int) -> dict[str, Any]:
    found: dict[str, Any] = {"200": {"description": "The answer.", "content": _json(answer)}}
    for status in sorted({*errors, *_ALWAYS}):
        found[str(status)] = {"description": _ERRORS[status], "content": _json("ErrorAnswer")}
        if status in _WITH_DELAY:
            found[str(status)]["headers"] = {
                "Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}
            }
    return found


def _json(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=model)}}}


def _top() -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": MAX_TOP, "default": DEFAULT_TOP}


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
