"""The addresses of the local API, as a Flask application."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.service import openapi
from desktop_app.core.service.answers import Health, ModelList, Readiness
from desktop_app.core.service.asking import read_question
from desktop_app.core.service.guards import Guards, protect
from desktop_app.core.service.limits import MAX_BODY_BYTES, MAX_FIELD_BYTES, MAX_FORM_PARTS
from desktop_app.core.service.pages import PAGES, PARTS, read_page
from desktop_app.core.service.refusals import as_refusal

if TYPE_CHECKING:
    from pydantic import BaseModel

    from desktop_app.core.service.activity import Activity
    from desktop_app.core.service.answering import Answering
    from desktop_app.core.service.options import ServiceOptions

_OPEN = frozenset({"/healthz", *PAGES, *(f"/parts/{name}" for name in PARTS)})
"""What anybody may see: that the process lives, and pages without any data, which ask for the token."""

_QUIET = frozenset({404, 405})
"""Statuses that need no attention by the person who runs the service."""


def make_app(answering: Answering, activity: Activity, options: ServiceOptions, port: int) -> Flask:
    """Make the application; it starts nothing and loads nothing.

    Args:
        answering: The classifier of pictures.
        activity: The counters.
        options: The token, and the names under which the service is reached.
        port: The port to listen on.

    Returns:
        A WSGI application for any number of threads.
    """
    app = Flask("sightline", static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FIELD_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
    )
    _guard(app, Guards(options, port))
    _tell(app, activity)
    _add_questions(app, answering)
    _add_state(app, answering, activity, needs_token=bool(options.token))
    _add_pages(app)
    return app


def _guard(app: Flask, guards: Guards) -> None:
    """Check every request first, those for addresses that do not exist too."""

    @app.before_request
    def check() -> None:
        g.started = time.perf_counter()
        guards.check(request, needs_token=request.path not in _OPEN, is_page=request.path in PAGES)


def _tell(app: Flask, activity: Activity) -> None:
    """Answer every error as JSON, protect every answer, and count."""

    @app.errorhandler(Exception)
    def refuse(error: Exception) -> Response:
        refusal = as_refusal(error)
        answer = refusal.answer()
        if refusal.status not in _QUIET or request.path == openapi.CLASSIFY:
            activity.failed(refusal.status, Reason(answer.error, answer.advice).sentence)
        response = _json(answer, refusal.status)
        response.headers.update(refusal.headers)
        return response

    @app.after_request
    def finish(response: Response) -> Response:
        protect(response)
        path = request.url_rule.rule if request.url_rule else "other"
        activity.request_ended(path, response.status_code, time.perf_counter() - g.get("started", 0.0))
        return response


def _add_questions(app: Flask, answering: Answering) -> None:
    @app.post(openapi.CLASSIFY)
    def classify_image() -> Response:
        with answering.room_for(request.content_length):
            return _json(answering.answer(read_question(request)))

    @app.get(openapi.MODELS)
    def models() -> Response:
        return _json(ModelList(models=answering.models.describe()))


def _add_state(app: Flask, answering: Answering, activity: Activity, *, needs_token: bool) -> None:
    described = json.dumps(openapi.document(needs_token=needs_token), ensure_ascii=False, indent=1)

    @app.get("/healthz")
    def healthz() -> Response:
        return _json(Health())

    @app.get("/readyz")
    def readyz() -> Response:
        answering.models.check_ready()
        models = answering.models
        return _json(Readiness(model=models.default_id, engine=models.computed(models.default_id)))

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(activity.as_text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    @app.get("/openapi.json")
    def openapi_json() -> Response:
        return Response(described, content_type="application/json")


def _add_pages(app: Flask) -> None:
    for path, name in {**PAGES, **{f"/parts/{part}": part for part in PARTS}}.items():
        app.add_url_rule(path, endpoint=name, view_func=partial(_page, name), methods=["GET"])


def _page(name: str) -> Response:
    page = read_page(name)
    return Response(page.body, content_type=page.content_type)


def _json(answer: BaseModel, status: int = 200) -> Response:
    return Response(answer.model_dump_json(exclude_none=True), status, content_type="application/json")
