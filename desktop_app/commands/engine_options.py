"""``--engine`` and ``--precision``, for the commands whose models answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from desktop_app.core.inference.choice import AnsweredBy, EngineChoice
    from desktop_app.core.library.card import ModelCard

ENGINES = ("automatic", "openvino", "tensorflow")
PRECISIONS = ("automatic", "float32", "bfloat16")
"""The values of `EngineChoice`, which help must not wait for."""


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a model is computed."""
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="automatic",
        help="what computes the model; automatic: TensorFlow on a GPU, else OpenVINO where it is proven to "
        "give the same answers",
    )
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="automatic",
        help="the numbers that it computes with; automatic: bfloat16 where the processor has it and the "
        "model's answers allow it, else float32",
    )


def engine_choice(options: argparse.Namespace) -> EngineChoice:
    """Read what `add_engine_options` defines.

    Raises:
        UsageError: The two do not go together.
    """
    from desktop_app.core.inference.choice import EngineChoice

    if options.engine == "tensorflow" and options.precision == "bfloat16":
        raise UsageError(
            "--precision bfloat16 does not go with --engine tensorflow: TensorFlow computes a model with the "
            "numbers that it was trained with.",
            "Leave one of the two out.",
        )
    return EngineChoice(options.engine, options.precision)


def running_sentence(card: ModelCard, by: AnsweredBy) -> str:
    """Say what computes a model, and why it is not another engine where somebody may expect that."""
    return " ".join(
        filter(None, (f"{card.name} ({card.id}) runs on the {by.device}: {by.words}.", by.reason))
    )
