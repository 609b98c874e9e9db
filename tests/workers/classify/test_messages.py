from desktop_app.core.classify.prediction import PartSeen, Prediction, ScoredLabel
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.workers.classify.messages import Answer

PREDICTION = Prediction((ScoredLabel(1, "n1", "cat", 0.9),), sure=True)


def answer(prediction, fit="squash"):
    return Answer("m", "M", AnsweredBy("openvino", "float32", "CPU"), 0.1, prediction, Fitting(8, 8, fit))


def test_what_was_seen_is_said_where_it_was_not_all():
    thin = Prediction(PREDICTION.labels, sure=True, part=PartSeen(2, 4))

    assert answer(PREDICTION).fit_note == ""
    assert answer(PREDICTION.looked_at(5, "pages", "", squashed=False)).fit_note == "saw the first of 5 pages"
    assert answer(thin.looked_at(1, "", "left", squashed=False)).fit_note == "saw part 2 of 4, from the left"
    squashed = PREDICTION.looked_at(1, "", "", squashed=True)
    assert answer(squashed).fit_note == "saw it squashed to the shape of others"
    assert not squashed.sure
    assert answer(PREDICTION, "crop").fit_note == "saw the centre"
