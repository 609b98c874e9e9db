"""Asks all ways there are about the same pictures; ``python -m`` does it in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.run import runner
from desktop_app.core.batch.run.cluster_worker import Question, answer_chunk, model_key
from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.images.load import load_seen
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import Library
from desktop_app.core.service.activity import Activity
from desktop_app.core.service.answering import Answering
from desktop_app.core.service.app import make_app
from desktop_app.core.service.models import Models
from desktop_app.core.service.options import ServiceOptions
from desktop_app.workers.classify.inference import Inference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.classify.prediction import Prediction

TOP = 3


def everything(prediction: Prediction) -> list[Any]:
    """All that a prediction says, with every bit of its numbers."""
    kind, part = prediction.kind, prediction.part
    return [
        [[entry.class_id, entry.probability] for entry in prediction.labels],
        prediction.sure,
        None if kind is None else [kind.name, kind.probability, kind.first],
        prediction.distance,
        None if part is None else [part.number, part.of],
    ]


def all_ways(pool: ModelPool, model_id: str, pictures: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Ask alone, in batches of two sizes, as the window does, in a job, and as a worker of a cluster.

    Args:
        pool: Where the model is taken from.
        model_id: The model.
        pictures: The pictures.
        folder: A folder for the file of the job.

    Returns:
        For each way, `everything` of each picture.
    """
    with pool.acquire(model_id) as lease:
        classifier = lease.classifier
        fitted = [_fitted(classifier, path) for path in pictures]
        pixels = [one for one, _layout in fitted]
        batch = classifier.predict_prepared(pixels, top=TOP)
        pairs = [
            found
            for start in range(0, len(pixels), 2)
            for found in classifier.predict_prepared(pixels[start : start + 2], top=TOP)
        ]
        singly = [classifier.predict_prepared([one], top=TOP)[0] for one in pixels]
        job = _in_a_job(classifier, pictures, folder / "asked.job")
    window = Inference(pool)
    window._current = pool.acquire(model_id)
    spec = classifier.card.input
    answers = [window.predict(one, spec.fitting(), 0.0, layout).prediction for one, layout in fitted]
    window._current.release()
    ways = {"alone": singly, "batch": batch, "pairs": pairs, "window": answers}
    return {way: [everything(found) for found in ways[way]] for way in ways} | {
        "job": job,
        "cluster": _by_a_worker(classifier, pictures),
    }


def _fitted(classifier: Classifier, path: Path) -> Any:
    seen = load_seen(FileSource(path), classifier.card.input.fitting())
    return seen.pixels, seen.layout


def _in_a_job(classifier: Classifier, pictures: Sequence[Path], path: Path) -> list[Any]:
    with Job(path, JobSpec.for_card(classifier.card, pictures, top=TOP), fresh=True) as job:
        runner.run(job, classifier, batch_size=5)
    with JobReader(path) as reader:
        rows = list(reader.select())
        assert {row.by for row in rows} == {classifier.by}
        return [everything(row.prediction) for row in rows]


def _by_a_worker(classifier: Classifier, pictures: Sequence[Path]) -> list[Any]:
    """What a worker hands back, as a job of the one who asked would read it."""
    card = classifier.card
    question = Question(model_key(card), card.input.fit, card.input.crop_share, TOP, 4, 1)
    outcomes = answer_chunk(question, list(enumerate(pictures))).outcomes
    assert {outcome.by for outcome in outcomes} == {classifier.by}
    spec = JobSpec.for_card(card, pictures, top=TOP)
    found = []
    for outcome in outcomes:
        kind = (outcome.kind, outcome.kind_probability)
        prediction = spec.prediction(outcome.classes, outcome.probabilities, *kind, outcome.distance)
        part = (json.loads(outcome.seen)[0] if outcome.seen else None,)
        found.append([*everything(prediction)[:-1], *part])
    return found


def over_http(pool: ModelPool, model_id: str, pictures: Sequence[Path]) -> list[Any]:
    """Labels and probabilities as the service writes them, and what computed them."""
    options = ServiceOptions(port=5432, model_id=model_id)
    activity = Activity()
    models = Models(pool, model_id, on_batch=activity.batch_ran)
    client = make_app(Answering(models, options, activity), activity, options, 5432).test_client()
    found = []
    for path in pictures:
        answer = client.post(
            f"/api/v1/classify_image?top={TOP}",
            data=path.read_bytes(),
            content_type="image/png",
            base_url="http://127.0.0.1:5432",
        ).json
        scores = [[entry["class_id"], entry["probability"]] for entry in answer["predictions"]]
        found.append([scores, answer["engine"]["name"]])
    models.close()
    return found


def main() -> None:
    """Print as JSON what all ways say, and which engines are in this process in the end."""
    model_id, folder = sys.argv[1], Path(sys.argv[2])
    pictures = sorted((folder / "pictures").iterdir())
    pool = ModelPool(Library.default())
    found = {
        "ways": all_ways(pool, model_id, pictures, folder),
        "http": over_http(pool, model_id, pictures),
    }
    loaded = {name for name, module in sys.modules.items() if module is not None}
    engines = {"tensorflow", "keras", "openvino", "openvino_telemetry"} & loaded
    print(json.dumps(found | {"loaded": sorted(engines)}))


if __name__ == "__main__":
    main()
