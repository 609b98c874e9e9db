"""A model is opened as what it is, whatever its file is called."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.library.exchange.sources import open_source
from tests.keras_file import write_keras
from tests.tflite_file import classifier


def opened(path):
    return open_source(path, lambda: pytest.fail("nothing is made of it"), NEVER)


@pytest.mark.parametrize("name", ["m.onnx", "m.tflite", "m.lite", "m.keras", "m"])
def test_a_keras_file_by_another_name(tmp_path, name):
    written = write_keras(tmp_path / "written.keras")
    assert opened(written.rename(tmp_path / name)).format == "keras"


@pytest.mark.parametrize("name", ["m.onnx", "m.tflite", "m.keras", "m"])
def test_a_tensorflow_lite_model_by_another_name(tmp_path, name):
    assert opened(classifier().write(tmp_path / name)).format == "tflite"


def test_the_folder_of_an_installed_model_is_no_export(tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    classifier().write(folder / "model.tflite")
    (folder / "card.json").write_text("{}")
    with pytest.raises(ModelError, match="pets is refused: it is the folder in which Sightline") as refused:
        opened(folder)
    assert "models export" in refused.value.advice


def test_advice_for_a_folder_does_not_speak_of_unpacking(tmp_path):
    write_keras(tmp_path / "pets.keras")
    with pytest.raises(ModelError, match=r"a folder with the model pets\.keras") as refused:
        opened(tmp_path)
    assert refused.value.advice == "Import that file."


def test_a_name_that_the_system_does_not_take_is_reported(tmp_path):
    with pytest.raises(StorageError, match="cannot be read"):
        opened(tmp_path / ("x" * 300))
