"""A model is made ready for OpenVINO when it comes, and stays ready wherever it goes."""

from __future__ import annotations

import json
import shutil
import weakref
import zipfile

import numpy as np
import pytest

from desktop_app.core.classify import answering, loader, readying
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.classify.readying import make_ready_now, make_shipped_ready
from desktop_app.core.engine.compiled import openvino_version
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.inference import derived
from desktop_app.core.inference.choice import EngineChoice
from desktop_app.core.inference.engine_record import engine_words, read_record
from desktop_app.core.inference.wording import out_of_memory
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.engine_files import ENGINE_FILES, GRAPH_FILE, RECORD_FILE
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.store import Library
from tests.feature_model import install_feature_model
from tests.tiny_model import colour_card, colour_network, install_colour_model

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

RED = np.full((8, 8, 3), (250, 10, 10), np.uint8)


@pytest.fixture
def library(tmp_path):
    return Library(
        tmp_path / "shipped", tmp_path / "models", tmp_path / "trash", engine_data=paths.engine_data()
    )


@pytest.fixture
def ready(library):
    """A model that was made ready."""
    install_colour_model(library)
    assert make_ready_now(library, "colours") is not None
    return library.get("colours")


@pytest.fixture
def no_tensorflow(monkeypatch):
    monkeypatch.setattr(loader, "load_engine", lambda: pytest.fail("TensorFlow was asked for"))


def names_red(library, model_id="colours"):
    classifier = load_classifier(model_id, library)
    assert classifier.predict([RED])[0].labels[0].label == "red"
    return classifier.by.engine


def test_a_model_that_came_is_answered_without_tensorflow(library, ready, no_tensorflow):
    assert names_red(library) == "openvino"
    assert ready.card.proofs == read_record(ready, openvino_version()).proofs
    assert ready.card.proofs[0].holds
    assert engine_words(ready).startswith("OpenVINO, ")


def test_what_is_made_of_it_is_no_part_of_its_size(library, ready):
    fresh = install_colour_model(library, "fresh")
    assert fresh.engine_bytes == 0
    assert ready.engine_bytes == sum((ready.folder / name).stat().st_size for name in ENGINE_FILES)
    own = [path for path in ready.folder.iterdir() if path.name not in ENGINE_FILES]
    assert ready.bytes == sum(path.stat().st_size for path in own)


def test_one_that_is_ready_is_left_alone(library, ready, no_tensorflow):
    before = (ready.folder / CARD_FILE).stat().st_mtime_ns
    assert make_ready_now(library, "colours") is not None
    assert (ready.folder / CARD_FILE).stat().st_mtime_ns == before


def test_where_a_gpu_answers_nothing_is_done(library, monkeypatch):
    entry = install_colour_model(library)
    monkeypatch.setattr(readying, "gpu_expected", lambda: True)
    assert make_ready_now(library, "colours") is None
    assert not (entry.folder / RECORD_FILE).exists()


def test_cancelled_it_is_made_ready_at_its_first_use(library):
    entry = install_colour_model(library)
    cancel = CancelSource()
    told = []

    def stop_soon(done, total):
        told.append((done, total))
        if done:
            cancel.cancel()

    assert make_ready_now(library, "colours", cancel=cancel.token, on_progress=stop_soon) is None
    assert told[0][0] == 0
    assert not (entry.folder / RECORD_FILE).exists()
    assert library.get("colours").card.proofs == ()
    assert names_red(library) == "openvino"
    assert (entry.folder / RECORD_FILE).exists()


def test_progress_counts_the_pictures(library):
    install_colour_model(library)
    told = []
    make_ready_now(library, "colours", on_progress=lambda *progress: told.append(progress))
    assert told[0][0] == 0
    assert told[-1] == (32, 32)
    assert told == sorted(told)


def test_tensorflow_s_network_is_gone_before_openvino_s_is_made(library, monkeypatch):
    """Both of VGG19 at once would take the memory twice."""
    install_colour_model(library)
    networks = []
    load, make = readying.by_tensorflow, answering.OpenVinoNetwork

    def loaded(*given):
        classifier, network = load(*given)
        networks.append(weakref.ref(network))
        return classifier, network

    def made(*given):
        assert [network() for network in networks] == [None]
        return make(*given)

    monkeypatch.setattr(readying, "by_tensorflow", loaded)
    monkeypatch.setattr(answering, "OpenVinoNetwork", made)
    assert make_ready_now(library, "colours").proofs[0].holds


def test_a_model_that_is_not_there_is_no_error(library):
    assert make_ready_now(library, "nothing") is None


def test_a_full_disk_leaves_the_answers_to_tensorflow_and_is_forgotten(library, monkeypatch):
    entry = install_colour_model(library)

    def full(_folder, _needed):
        raise StorageError("There is no space left.")

    with monkeypatch.context() as patch:
        patch.setattr(derived, "require_space", full)
        assert make_ready_now(library, "colours") is None
        classifier = load_classifier("colours", library)
        assert (classifier.by.engine, classifier.by.reason) == ("tensorflow", "There is no space left.")
        with pytest.raises(ModelError, match="no space left"):
            load_classifier("colours", library, EngineChoice(engine="openvino"))
        assert not (entry.folder / RECORD_FILE).exists()
    assert names_red(library) == "openvino"


def test_a_record_that_cannot_be_kept_does_not_lose_the_model(library, monkeypatch):
    install_colour_model(library)

    def refuse(*_arguments, **_options):
        raise StorageError("It is only read.")

    monkeypatch.setattr(answering, "write_record", refuse)
    assert names_red(library) == "tensorflow"


def test_other_pixels_are_another_graph(library, tmp_path):
    path = tmp_path / "plain.keras"
    colour_network().save(path)
    card = import_model(library, path, Wishes(labels=("a", "b", "c"), preprocessing="none"), cancel=NEVER)
    assert make_ready_now(library, card.id) is not None
    library.set_input(card.id, {"preprocessing": "symmetric"})
    entry = library.get(card.id)
    assert entry.card.proofs == ()
    assert read_record(entry, openvino_version()) is None
    classifier = load_classifier(card.id, library)
    reference = Classifier.of_keras(entry.card, colour_network(), "CPU")
    np.testing.assert_allclose(
        classifier.answers(RED[None])[0], reference.answers(RED[None])[0], atol=1e-5, rtol=0
    )


def test_a_model_with_features_is_compared_with_them(library):
    install_feature_model(library)
    record = make_ready_now(library, "colours")
    assert record.proofs[0].largest_distance_difference is not None
    assert library.get("colours").card.bank is not None


def test_it_stays_ready_in_the_trash_and_back(library, ready, no_tensorflow):
    library.restore(library.remove("colours"))
    assert names_red(library) == "openvino"


def test_a_model_in_its_place_has_none(library, ready):
    install_colour_model(library)
    entry = library.get("colours")
    assert not {path.name for path in entry.folder.iterdir()} & set(ENGINE_FILES)
    assert entry.card.proofs == ()


def test_a_copy_of_its_folder_is_its_own_model(library, ready):
    """As a person makes it by hand: the card says the folder's name."""
    copy = library.installed / "copy"
    shutil.copytree(ready.folder, copy)
    card = json.loads((copy / CARD_FILE).read_bytes())
    (copy / CARD_FILE).write_text(json.dumps(card | {"id": "copy"}))
    assert names_red(library, "copy") == names_red(library) == "openvino"
    library.delete("colours")
    assert names_red(library, "copy") == "openvino"


def test_a_file_for_others_has_the_proof_and_not_the_graph(library, ready, tmp_path):
    file = export_model(library, "colours", tmp_path / "colours.sightline")
    with zipfile.ZipFile(file) as archive:
        assert set(archive.namelist()) == {CARD_FILE, "model.keras"}
        assert json.loads(archive.read(CARD_FILE))["proofs"]
    card = import_model(library, file, cancel=NEVER)
    assert card.proofs == ()
    assert read_record(library.get(card.id), openvino_version()) is None


@pytest.mark.parametrize("name", ENGINE_FILES)
def test_a_file_that_brings_a_graph_is_refused(library, ready, tmp_path, name):
    file = export_model(library, "colours", tmp_path / "colours.sightline")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, (ready.folder / name).read_bytes())
    with pytest.raises(ModelError, match=r"it contains '[\w.]+', which a model file does not have"):
        import_model(library, file, cancel=NEVER)


def test_a_foreign_folder_s_graph_is_not_used(library, tmp_path, monkeypatch):
    """Somebody else made ready a model that answers something else, and gives away its folder."""
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path / "somebody"))
    theirs = Library(tmp_path / "none", tmp_path / "theirs", tmp_path / "their-trash")
    theirs.add(colour_card(), lambda path: colour_network().save(path))
    assert make_ready_now(theirs, "colours") is not None
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path / "user"))
    shutil.copytree(theirs.installed / "colours", library.installed / "colours")
    before = (library.installed / "colours" / GRAPH_FILE).stat().st_ino
    assert names_red(library) == "openvino"
    assert (library.installed / "colours" / GRAPH_FILE).stat().st_ino != before


def test_a_card_that_changed_meanwhile_is_left_alone(library, monkeypatch):
    entry = install_colour_model(library)
    make = answering.make_ready

    def rename_meanwhile(*given, **options):
        record = make(*given, **options)
        library.amend(entry, {"name": "Another"}, None)
        return record

    monkeypatch.setattr(answering, "make_ready", rename_meanwhile)
    assert make_ready_now(library, "colours") is not None
    card = library.get("colours").card
    assert (card.name, card.proofs) == ("Another", ())


def test_a_model_that_is_to_come_with_the_app_is_made_ready_in_its_folder(library, monkeypatch):
    install_colour_model(library)
    library.shipped.mkdir()
    (library.installed / "colours").rename(library.shipped / "colours")
    make_shipped_ready(library.get("colours"))
    assert not paths.engine_data().exists()
    monkeypatch.setattr(loader, "load_engine", lambda: pytest.fail("TensorFlow was asked for"))
    assert names_red(library) == "openvino"


def test_one_that_openvino_cannot_answer_for_does_not_ship(library, monkeypatch):
    install_colour_model(library)

    def refuse(*_arguments):
        raise answering.CannotConvert("it has an odd operation")

    monkeypatch.setattr(answering, "convert", refuse)
    with pytest.raises(ModelError, match=r"cannot be made ready: .* odd operation"):
        make_shipped_ready(library.get("colours"))


def test_the_reason_is_shown_where_openvino_cannot(library, monkeypatch):
    install_colour_model(library)

    def refuse(*_arguments):
        raise answering.CannotConvert("it has an odd operation")

    monkeypatch.setattr(answering, "convert", refuse)
    assert make_ready_now(library, "colours").proofs == ()
    words = "TensorFlow. OpenVINO cannot answer for it: it has an odd operation."
    assert engine_words(library.get("colours")) == words
    assert names_red(library) == "tensorflow"


@pytest.mark.parametrize("error", [MemoryError("bad_alloc"), out_of_memory("Colours", "CPU")])
@pytest.mark.parametrize("place", ["convert", "OpenVinoNetwork"])
def test_a_moment_without_memory_is_not_kept_as_a_fault_of_the_model(library, monkeypatch, error, place):
    install_colour_model(library)

    def fail(*_arguments):
        raise error

    with monkeypatch.context() as short:
        short.setattr(answering, place, fail)
        classifier = load_classifier("colours", library)
        assert classifier.by.engine == "tensorflow"
        assert "too little memory" in classifier.by.reason
    assert names_red(library) == "openvino"
