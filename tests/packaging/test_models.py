"""The built-in models are made ready once, and go into the app without what is true of one computer alone."""

import json
import os

import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.library.engine_files import ENGINE_FILES, RECORD_FILE
from desktop_app.core.library.store import Library
from tests.core.inference.test_engine_record import HALF, PROOF
from tests.tiny_model import colour_card, colour_network


@pytest.fixture
def models(tmp_path):
    """A folder of built-in models with one that is not ready."""
    maker = Library(tmp_path / "none", tmp_path / "models", tmp_path / "none")
    maker.add(colour_card("everyday"), lambda path: colour_network().save(path))
    return tmp_path / "models"


@pytest.fixture
def prepare(script, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")  # as the script has it, and no longer after the test
    module = script("prepare_networks")
    monkeypatch.setattr(module, "NETWORKS", ())
    return module.make_ready


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_model_is_made_ready_once_and_again_where_it_is_another(prepare, models, tmp_path):
    assert prepare(models) == ["everyday"]
    assert {path.name for path in (models / "everyday").iterdir()} == {
        *("card.json", "model.keras"),
        *ENGINE_FILES,
    }
    assert prepare(models) == []
    (models / "everyday" / "openvino.bin").write_bytes(b"damaged")
    assert prepare(models) == ["everyday"]
    os.utime(models / "everyday" / "model.keras", (1, 1))
    assert prepare(models) == []
    other = Library(tmp_path / "none", models, tmp_path / "none")
    other.add(colour_card("everyday"), lambda path: colour_network(final="linear").save(path))
    assert prepare(models) == ["everyday"]


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_the_copy_answers_without_tensorflow_whatever_its_times(
    prepare, models, script, tmp_path, monkeypatch
):
    prepare(models)
    script("frozen.models").copy(models, tmp_path / "app")
    for path in (tmp_path / "app" / "everyday").iterdir():
        os.utime(path, (1, 1))
    monkeypatch.setattr(
        "desktop_app.core.classify.loader.load_engine", lambda: pytest.fail("TensorFlow was asked for")
    )
    library = Library(tmp_path / "app", tmp_path / "user", tmp_path / "trash")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "app").rglob("*")}
    assert load_classifier("everyday", library).by.engine == "openvino"
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "app").rglob("*")} == before


def test_a_record_goes_without_what_is_true_of_one_computer(script, tmp_path):
    folder = tmp_path / "models" / "everyday"
    folder.mkdir(parents=True)
    proofs = [PROOF.model_dump(), HALF.model_dump()]
    record = {"weights_stamp": [7, 123, 456], "openvino": "2026.4.1", "proofs": proofs}
    (folder / RECORD_FILE).write_text(json.dumps(record))
    (folder / "model.keras").write_bytes(b"weights")
    (folder / ".sightline-0.tmp").write_bytes(b"half")
    (tmp_path / "copy" / "former").mkdir(parents=True)
    script("frozen.models").copy(tmp_path / "models", tmp_path / "copy")
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {"everyday"}
    assert {path.name for path in (tmp_path / "copy" / "everyday").iterdir()} == {RECORD_FILE, "model.keras"}
    assert json.loads((tmp_path / "copy" / "everyday" / RECORD_FILE).read_bytes()) == {
        "weights_stamp": [7, 0],
        "openvino": "2026.4.1",
        "proofs": [PROOF.model_dump() | {"processor": ""}],
    }


def test_a_model_that_was_not_made_ready_is_not_frozen(script, tmp_path):
    (tmp_path / "models" / "everyday").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match=RECORD_FILE):
        script("frozen.models").copy(tmp_path / "models", tmp_path / "copy")
