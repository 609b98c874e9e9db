from desktop_app.core.inference.choice import AnsweredBy


def test_it_is_written_with_what_is_known():
    by = AnsweredBy("openvino", "bfloat16", "CPU (2 cores)")
    assert by.words == "OpenVINO, bfloat16"
    assert by.as_json() == {"name": "openvino", "precision": "bfloat16", "device": "CPU (2 cores)"}
    by = AnsweredBy("tensorflow", "float32", "CPU (2 cores)", "It was chosen.", "a chip")
    assert by.as_json() == {
        "name": "tensorflow",
        "precision": "float32",
        "device": "CPU (2 cores)",
        "processor": "a chip",
        "reason": "It was chosen.",
    }


def test_the_place_is_what_answers_depend_on():
    assert AnsweredBy("openvino", "float32", "CPU (2 cores)", processor="a chip").place == "a chip"
    assert AnsweredBy("tensorflow", "float32", "GPU: a card").place == "GPU: a card"
