from __future__ import annotations

from dataclasses import replace

from desktop_app.core.batch.results.computed import computed_sentence, mixing_sentence
from desktop_app.core.inference.choice import AnsweredBy

OPENVINO = AnsweredBy("openvino", "float32", "CPU (2 cores)", processor="Chip A")
HALF = AnsweredBy("openvino", "bfloat16", "CPU (8 cores)", processor="Chip B")
TENSORFLOW = AnsweredBy("tensorflow", "float32", "CPU (2 cores)", processor="Chip A")


def test_one_thing_is_said_on_request_only():
    more_cores = replace(OPENVINO, device="CPU (4 cores)")
    engines = [(OPENVINO, 1200), (more_cores, 3)]
    assert computed_sentence(engines) == ""
    assert computed_sentence(engines, always=True) == "1,203 by OpenVINO, float32."
    assert computed_sentence([], always=True) == ""


def test_several_are_counted():
    said = computed_sentence([(TENSORFLOW, 40), (OPENVINO, 1200)])
    assert said.startswith("1,200 by OpenVINO, float32; 40 by TensorFlow, float32. The same picture may ")


def test_processors_are_named_where_they_differ():
    said = computed_sentence([(OPENVINO, 3), (HALF, 2)])
    assert said.startswith("3 by OpenVINO, float32 on Chip A; 2 by OpenVINO, bfloat16 on Chip B. ")


def test_predictions_of_earlier_versions_are_named_so():
    assert "; 2 by an earlier version of Sightline. " in computed_sentence([(OPENVINO, 5), (None, 2)])


def test_who_resumes_a_job_of_something_else_hears_it_before():
    assert mixing_sentence([], OPENVINO) == ""
    assert mixing_sentence([(OPENVINO, 5)], replace(OPENVINO, device="CPU (9 cores)")) == ""
    assert mixing_sentence([(OPENVINO, 5), (TENSORFLOW, 1)], OPENVINO).startswith(
        "1 picture was classified by TensorFlow, float32 on Chip A; "
        "the rest is classified by OpenVINO, float32 on Chip A. "
    )
    assert mixing_sentence([(OPENVINO, 5), (None, 2)], HALF).startswith(
        "7 pictures were classified by OpenVINO, float32 on Chip A and an earlier version of Sightline; "
        "the rest is classified by OpenVINO, bfloat16 on Chip B. "
    )
