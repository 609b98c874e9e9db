import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers, GroupRule
from desktop_app.core.datasets.decided import decided, decisions_line
from desktop_app.core.images.decoding.reading import PixelReading


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"classes_at": 2}, "Classes are 2 levels down"),
        ({"classes_at": 1}, "Classes are 1 level down"),
        ({"folders": {"seg_pred": "ignore"}}, "'seg_pred' is not used"),
        ({"folders": {"a%CC%81": "train", "b": "train"}}, "'a\u0301' and 'b' hold training pictures"),
        (
            {"folders": dict.fromkeys("abcde", "unlabeled")},
            "'a', 'b', 'c' and 2 more hold pictures without labels",
        ),
        ({"labels": "labels.csv"}, "Labels come from labels.csv"),
        ({"labels": ""}, "Labels are the folders' names"),
        ({"masks": False}, "Masks are not used"),
        ({"masks": True}, "Masks are used as pictures"),
        ({"groups": GroupRule()}, "Pictures are split one by one, without groups"),
        (
            {"groups": GroupRule(kind="folder")},
            "Pictures of one folder below the class stay in one split",
        ),
        (
            {"groups": GroupRule(kind="folder", level=2)},
            "Pictures of one folder 2 levels below the class stay in one split",
        ),
        ({"groups": GroupRule(kind="above")}, "Pictures of one folder above the classes stay in one split"),
        (
            {"groups": GroupRule(kind="folder", redraw=True)},
            "Pictures of one folder below the class stay in one split; the folders' own split is set aside",
        ),
        (
            {"groups": GroupRule(kind="name", pattern="^p\\d+")},
            "Pictures whose names agree in ^p\\d+ stay in one split",
        ),
        ({"groups": GroupRule(kind="time", seconds=2.5)}, "Pictures taken within 2.5 s stay in one split"),
        ({"pixels": PixelReading(black=0, white=4095)}, "Brightness 0 to 4095"),
        ({"pixels": PixelReading(plane="first")}, "First plane of each stack"),
        ({"pixels": PixelReading(thin="crop")}, "Centre of very long pictures"),
        ({"pixels": PixelReading(bands=(3, 2, 1))}, "Bands 4, 3 and 2 as red, green and blue"),
        ({"settled": ("blank-planes",)}, "Left as it is: blank planes"),
    ],
)
def test_a_decision_is_phrased_and_taken_back_alone(values, text):
    answers = Answers(**values)
    (found,) = decided(answers)
    assert found.text == text
    assert found.others == NO_ANSWERS


def test_each_decision_leaves_all_others():
    answers = Answers(
        classes_at=2,
        folders={"x": "ignore", "y": "train"},
        masks=False,
        pixels=PixelReading(black=0, white=4095, plane="mean"),
        settled=("a", "b"),
    )
    found = decided(answers)
    assert len(found) == 8
    for entry in found:
        texts = [other.text for other in decided(entry.others)]
        assert texts == [other.text for other in found if other is not entry]


def test_nothing_decided_is_nothing_said():
    assert decided(None) == decided(NO_ANSWERS) == ()
    assert decisions_line(NO_ANSWERS) == ""
    assert (
        decisions_line(Answers(classes_at=2, masks=False)) == "Classes are 2 levels down; Masks are not used"
    )
