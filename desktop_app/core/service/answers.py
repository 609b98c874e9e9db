"""What goes in and out as JSON; the OpenAPI document is made from these models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr

from desktop_app.core.service.limits import DEFAULT_TOP, MAX_TOP


def _whole(value: object) -> object:
    """Take 5.0 for 5: JSON does not tell them apart."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Top = Annotated[StrictInt, Field(ge=1, le=MAX_TOP), BeforeValidator(_whole)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Question(_Part):
    model: Annotated[
        StrictStr | None, Field(description="id of the model to use; the default one if left out")
    ] = None
    top: Annotated[Top, Field(description="how many classes to answer with")] = DEFAULT_TOP


class LinkQuestion(_Question):
    """A picture behind a link."""

    url: Annotated[
        StrictStr,
        Field(
            description="http or https, which leads to a picture on a public address; or a data: address, "
            "which holds one",
            json_schema_extra={"format": "uri"},
        ),
    ]


class PictureQuestion(_Question):
    """A picture as text."""

    image: Annotated[
        StrictStr,
        Field(
            description="the bytes of a picture's file as base64, or as a data: address",
            json_schema_extra={"contentEncoding": "base64"},
        ),
    ]


class JsonParameters(_Question):
    """What may stand beside the picture, wherever in the JSON that is."""


class ScoredClass(_Part):
    """One class with its place and probability."""

    rank: Annotated[int, Field(ge=1, description="1 is the most probable")]
    class_id: Annotated[str, Field(description="stable id; for ImageNet classes the synset id")]
    label: Annotated[str, Field(description="name as the model's card has it")]
    name: Annotated[str, Field(description="name for people: without underscores, and no two alike")]
    probability: Annotated[float, Field(ge=0, le=1, description="calibrated")]
    threshold: Annotated[
        float | None,
        Field(description="probability from which on the label is right; left out where one class is"),
    ] = None
    right: Annotated[
        bool | None, Field(description="whether the label reaches it; left out where one class is right")
    ] = None


class EstimatedAmount(_Part):
    """One of the numbers that a model estimates."""

    class_id: Annotated[str, Field(description="stable id")]
    name: Annotated[str, Field(description="name as the model's card has it")]
    value: float
    unit: Annotated[str, Field(description="empty where it has none")] = ""


class BroaderKind(_Part):
    """A kind in everyday words, with the sum of the probabilities of all its classes."""

    name: Annotated[str, Field(description="such as cat")]
    probability: Annotated[float, Field(ge=0, le=1, description="of all its classes together")]
    classes: Annotated[int, Field(ge=2, description="how many classes of the model are of this kind")]
    first: Annotated[bool, Field(description="more telling than the message, which alone is not sure")]


class Computed(_Part):
    """What computes a model's answers."""

    name: Annotated[Literal["openvino", "tensorflow"], Field(description="the engine")]
    precision: Annotated[str, Field(description="the numbers it computes with, such as float32")]
    device: Annotated[str, Field(description="where, in words")]
    processor: Annotated[
        str | None,
        Field(
            description="kind of processor: by the same engine, precision and kind a picture gets the same "
            "answer; left out where the device says all"
        ),
    ] = None
    reason: Annotated[
        str | None, Field(description="why it is not another engine or precision, where that may be expected")
    ] = None


class Answer(_Part):
    """What a picture shows."""

    message: Annotated[
        str,
        Field(description="the most probable label; all labels that are right, or all amounts, in words"),
    ]
    model: Annotated[str, Field(description="id of the model that answered")]
    engine: Annotated[Computed, Field(description="what computed the answer")]
    task: Annotated[
        Literal["multi-label", "regression"] | None,
        Field(
            description="what the model's outputs are for; left out where one of several classes is right, "
            "and the probabilities sum to 1"
        ),
    ] = None
    predictions: Annotated[
        list[ScoredClass],
        Field(
            description="best first; all labels where several may be right, none where amounts are estimated"
        ),
    ]
    labels: Annotated[
        list[str] | None,
        Field(description="labels that reach their thresholds; left out where one class is right"),
    ] = None
    amounts: Annotated[
        list[EstimatedAmount] | None, Field(description="left out by models that give labels")
    ] = None
    kind: Annotated[
        BroaderKind | None, Field(description="left out by models whose classes are not ImageNet's")
    ] = None
    unlike: Annotated[
        bool | None,
        Field(
            description="whether the picture is unlike anything the model was trained on; left out by models "
            "that cannot tell"
        ),
    ] = None
    part: Annotated[
        str | None,
        Field(description="the part of a very long or very high picture that the labels are about"),
    ] = None
    plane: Annotated[
        str | None,
        Field(description="the plane of a file with several that the labels are about"),
    ] = None
    seconds: Annotated[float, Field(ge=0, description="from the understood request to the labels")]


class ModelEntry(_Part):
    """A model of the library."""

    id: str
    name: str
    description: str = ""
    classes: Annotated[
        int, Field(ge=0, description="number of classes, labels or amounts; 0 when the card cannot be read")
    ]
    task: Annotated[
        Literal["classification", "multi-label", "regression", "embedding"],
        Field(description="what its outputs are for; one of features cannot be asked"),
    ] = "classification"
    default: Annotated[bool, Field(description="answers when a request names no model")]
    loaded: Annotated[bool, Field(description="in memory, so it answers at once")]
    engine: Annotated[
        Computed | None, Field(description="what computes its answers; left out while it is not loaded")
    ] = None
    problem: Annotated[str, Field(description="why it cannot answer; empty when it can")] = ""


class ModelList(_Part):
    """The models of the library."""

    models: list[ModelEntry]


class Health(_Part):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Readiness(_Part):
    """The default model is loaded."""

    status: Literal["ready"] = "ready"
    model: Annotated[str, Field(description="id of the default model")]
    engine: Annotated[Computed | None, Field(description="what computes its answers")] = None


class ErrorAnswer(_Part):
    """Why there is no answer."""

    error: Annotated[str, Field(description="what happened, as a sentence")]
    advice: Annotated[str, Field(description="what to do next; empty when there is nothing to add")] = ""
