"""What a request asks: which picture, which model, how many classes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from desktop_app.core.foundation.text import printable
from desktop_app.core.images.sources import DataSource, Source
from desktop_app.core.service.answers import JsonParameters
from desktop_app.core.service.json_body import read_json
from desktop_app.core.service.json_picture import PICTURE_NAME, picture_in
from desktop_app.core.service.limits import DEFAULT_TOP, MAX_JSON_BODY_BYTES, MAX_TOP
from desktop_app.core.service.refusals import SEE_DOCS, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request
    from werkzeug.datastructures import MultiDict

FORM = "multipart/form-data"
JSON = "application/json"
LINES = "application/x-www-form-urlencoded"
"""What ``curl -d`` says it sends when it sends JSON."""


@dataclass(frozen=True, slots=True)
class Question:
    """One picture to name.

    Attributes:
        source: A link that is not fetched yet, or the bytes of a file that are not decoded yet.
        model_id: None asks the default model.
        top: Number of classes, 1..`MAX_TOP`.
    """

    source: Source
    model_id: str | None = None
    top: int = DEFAULT_TOP


def read_question(request: Request) -> Question:
    """Understand a request to classify.

    Parameters stand in the query, or in the form or the JSON, which count more.

    Raises:
        Refusal: 400, 415 or 422.
        RequestEntityTooLarge: The body or its fields are larger than the service takes.
    """
    kind = request.mimetype
    parameters = _single(request.args)
    _model_and_top(parameters)  # to be refused although the body may say better
    if kind == FORM:
        parameters |= _single(request.form)
        return Question(DataSource(PICTURE_NAME, _uploaded(request)), *_model_and_top(parameters))
    if kind in {JSON, LINES}:
        request.max_content_length = MAX_JSON_BODY_BYTES
    if kind == JSON or (kind == LINES and request.get_data().lstrip()[:1] == b"{"):
        return _read_json(request, parameters)
    if kind.startswith("image/"):
        data = request.get_data()
        if not data:
            raise Refusal(400, "The request has no picture.", "Send the bytes of a picture file as its body.")
        return Question(DataSource(PICTURE_NAME, data), *_model_and_top(parameters))
    raise Refusal(
        415,
        f"The service does not take '{printable(kind[:100])}'." if kind else "The content type is missing.",
        f"Send a form ({FORM}) with the file as 'image', JSON ({JSON}) with a 'url' or with base64 as "
        "'image', or a picture with its own content type, such as image/jpeg.",
    )


def _single(values: MultiDict[str, str]) -> dict[str, str]:
    """Take parameters that are given once.

    Raises:
        Refusal: 422, ``model`` or ``top`` is given twice.
    """
    for name in ("model", "top"):
        if len(values.getlist(name)) > 1:
            raise Refusal(422, f"The parameter '{name}' is given more than once.", "Give it once.")
    return values.to_dict()


def _model_and_top(parameters: Mapping[str, str]) -> tuple[str | None, int]:
    text = parameters.get("top", str(DEFAULT_TOP))
    top = int(text) if re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) else 0
    if not 1 <= top <= MAX_TOP:
        raise _bad_top()
    return parameters.get("model"), top


def _uploaded(request: Request) -> bytes:
    files = request.files.getlist("image")
    if len(files) != 1:
        raise Refusal(
            400,
            "The form has no file 'image'." if not files else "The form has more than one file 'image'.",
            "Send one picture a request, as with: curl -F image=@picture.jpg",
        )
    data: bytes = files[0].read()
    return data


def _read_json(request: Request, parameters: dict[str, str]) -> Question:
    document = read_json(request.get_data(cache=False))
    source = picture_in(document)
    model_id, top = _model_and_top(parameters)
    members = {name: document[name] for name in ("model", "top") if name in document}
    try:
        beside = JsonParameters.model_validate({"model": model_id, "top": top, **members})
    except ValidationError as error:
        place = error.errors()[0]["loc"][0]
        if place == "top":
            raise _bad_top() from error
        raise Refusal(422, f"The member '{place}' must be a string.", SEE_DOCS) from error
    return Question(source, beside.model, beside.top)


def _bad_top() -> Refusal:
    return Refusal(
        422, f"'top' must be a whole number from 1 to {MAX_TOP}.", "Leave it out for the best five."
    )
