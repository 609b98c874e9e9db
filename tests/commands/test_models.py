from __future__ import annotations

import json
import subprocess
import sys

import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.commands.model_options import PIXELS
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.backbone import weights_file
from tests.core.library.small_vgg19 import small_layout, write_small
from tests.small_backbone import mirror, narrow, weights
from tests.tiny_model import COLOURS, colour_network, install_colour_model

__all__ = ["mirror", "narrow", "small_layout", "weights"]

pytestmark = pytest.mark.engine


def test_lists_what_is_installed_and_what_could_be(capsys):
    install_colour_model(Library.default())
    assert main(["models", "list", "--format", "json"]) == 0
    entries = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert entries["colours"]["classes"] == 3
    assert not entries["colours"]["problem"]
    assert entries["vgg19"]["problem"]
    assert main(["models"]) == 0
    assert "colours" in capsys.readouterr().out


def test_shows_a_card(capsys):
    install_colour_model(Library.default())
    assert main(["models", "show", "colours"]) == 0
    assert "3: red, green, blue" in capsys.readouterr().out
    assert main(["models", "show", "colours", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["card"]["input"]["width"] == 8


def test_shows_what_computes_the_answers(tmp_path, capsys):
    path = tmp_path / "plain.keras"
    colour_network().save(path)
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(COLOURS), encoding="utf-8")
    assert main(["models", "import", str(path), "--labels", str(labels)]) == 0
    assert main(["models", "prepare", "plain"]) == 0
    install_colour_model(Library.default(), "fresh")
    capsys.readouterr()
    assert main(["models", "show", "plain"]) == 0
    words = "checked against TensorFlow on 32 pictures: less than 0.1 points apart"
    assert words in capsys.readouterr().out
    assert main(["models", "show", "fresh"]) == 0
    assert "engine     not made ready yet: at its first use" in capsys.readouterr().out
    assert main(["models", "list", "--format", "json"]) == 0
    entries = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert entries["plain"]["engine"].endswith(words)
    assert entries["plain"]["engine_bytes"] > 0
    assert (entries["fresh"]["engine_bytes"], entries["vgg19"]["engine"]) == (0, "")


def test_one_is_made_ready_when_told_to(capsys):
    entry = install_colour_model(Library.default())
    assert main(["models", "prepare", "colours"]) == 0
    counted = capsys.readouterr().out.splitlines()
    assert counted[0] == "0 of 32 pictures"
    assert counted[-2] == "32 of 32 pictures"
    assert counted[-1].endswith("checked against TensorFlow on 32 pictures: less than 0.1 points apart")
    assert Library.default().get("colours").card == entry.card
    assert main(["models", "prepare", "colours"]) == 0
    assert capsys.readouterr().out.splitlines() == counted[-1:]


def test_one_that_is_not_there_cannot_be_made_ready(capsys):
    assert main(["models", "prepare", "dragons"]) == 2
    assert "dragons" in capsys.readouterr().err


def test_an_import_needs_no_tensorflow(tmp_path):
    path, labels = tmp_path / "plain.keras", tmp_path / "labels.txt"
    colour_network().save(path)
    labels.write_text("\n".join(COLOURS), encoding="utf-8")
    script = (
        "import sys\nfrom desktop_app.cli import main\n"
        f"assert main(['models', 'import', {str(path)!r}, '--labels', {str(labels)!r}]) == 0\n"
        "assert not {'tensorflow', 'keras', 'openvino'} & sys.modules.keys()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "'sightline models prepare plain' does that now" in done.stdout


def test_export_remove_restore_and_import_come_round(tmp_path, capsys):
    install_colour_model(Library.default())
    package = tmp_path / "colours.zip"
    assert main(["models", "export", "colours", str(package)]) == 0
    assert main(["models", "remove", "colours"]) == 0
    assert main(["models", "show", "colours"]) == 2
    assert main(["models", "restore"]) == 0
    assert main(["models", "remove", "colours"]) == 0
    assert main(["models", "import", str(package)]) == 0
    assert "Imported Colours" in capsys.readouterr().out
    assert main(["models", "show", "colours"]) == 0


def test_a_plain_model_needs_labels(tmp_path, capsys):
    path = tmp_path / "plain.keras"
    colour_network().save(path)
    assert main(["models", "import", str(path)]) == 1
    assert "--labels" in capsys.readouterr().err
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(COLOURS), encoding="utf-8")
    assert main(["models", "import", str(path), "--labels", str(labels), "--name", "Mine"]) == 0
    assert "Imported Mine: " in capsys.readouterr().out


def test_pixels_that_nobody_knows_are_asked_for_and_can_be_changed(tmp_path, capsys):
    import keras

    path, labels = tmp_path / "plain.keras", tmp_path / "labels.txt"
    picture = keras.Input((8, 8, 3))
    means = keras.layers.GlobalAveragePooling2D()(picture)
    keras.Model(picture, keras.layers.Softmax()(means), name="resnet50").save(path)
    labels.write_text("0 red\n1 green\n2 blue\n", encoding="utf-8")
    importing = ["models", "import", str(path), "--labels", str(labels)]
    assert main(importing) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("plain.keras does not say which pixel values it was trained on")
    listed = [line.split()[0] for line in said[1:] if line[2] != " "]
    assert (listed[0], sorted(listed)) == ("vgg19", sorted(PIXELS))
    assert "Most likely." in said[1]
    assert "built like ResNet" in said[2]
    assert list(Library.default().entries())[-1].model_id != "plain"
    assert main([*importing, "--pixels", "symmetric"]) == 0
    said = capsys.readouterr().out
    assert "classes: 3: red, green, blue" in said
    assert "pixels: -1 to 1 (symmetric)" in said
    assert main(["models", "set", "plain", "--pixels", "bgr-means"]) == 0
    assert main(["models", "show", "plain"]) == 0
    assert "pixels     BGR minus the ImageNet means (vgg19)" in capsys.readouterr().out
    assert main(["models", "set", "plain", "--pixels", "order=bgr scale=1/255"]) == 0
    assert main(["models", "show", "plain"]) == 0
    assert "BGR x * 0.003922 + 0" in capsys.readouterr().out
    seeing = ["--fit", "crop", "--crop-share", "0.875", "--resize", "keras"]
    assert main(["models", "set", "plain", *seeing]) == 0
    assert "8x8, crop 87.5%, scaled keras" in capsys.readouterr().out
    assert main(["models", "set", "plain"]) == 2
    assert main(["models", "set", "plain", "--grey", "1,0,0"]) == 2
    assert "colour pictures" in capsys.readouterr().err
    assert main(["models", "set", "everyday", "--pixels", "unit"]) == 1
    with pytest.raises(SystemExit):
        main(["models", "set", "plain", "--pixels", "brg"])


@pytest.mark.parametrize(
    ("name", "words"),
    [("x" * 201, "has 201 characters, more than 200. Give a shorter name."), ("\n ", "name is empty")],
)
def test_a_name_that_cannot_be_one_is_refused(tmp_path, capsys, name, words):
    install_colour_model(Library.default())
    package = tmp_path / "colours.zip"
    assert main(["models", "export", "colours", str(package)]) == 0
    before = sorted(Library.default().installed.rglob("*"))
    assert main(["models", "import", str(package), "--name", name]) == 2
    assert words in capsys.readouterr().err
    assert sorted(Library.default().installed.rglob("*")) == before


def test_a_network_that_answers_nonsense_says_so_at_its_first_use(tmp_path, capsys):
    import keras

    huge = [keras.layers.Rescaling(1e38) for _ in range(2)]
    network = keras.Sequential([colour_network(), *huge])
    path, labels = tmp_path / "nonsense.keras", tmp_path / "labels.txt"
    network.save(path)
    labels.write_text("\n".join(COLOURS), encoding="utf-8")
    importing = ["models", "import", str(path), "--labels", str(labels), "--task", "classification"]
    assert main(importing) == 0
    assert main(["models", "prepare", "nonsense"]) == 1
    assert "nonsense gave an output that is not a number" in capsys.readouterr().err
    assert main(["classify", str(sample_files()[0]), "--model", "nonsense"]) == 2
    assert "nonsense gave an output that is not a number" in capsys.readouterr().err


def test_refusals_name_the_file_that_was_given(tmp_path, capsys):
    path = tmp_path / "holiday.keras"
    path.write_text("<html>")
    assert main(["models", "import", str(path)]) == 1
    assert capsys.readouterr().err.startswith("holiday.keras is refused: it is a web page.")


def test_vgg19_without_a_file_is_wrong_usage(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["models", "import", "vgg19"]) == 2
    assert "'models import vgg19 FILE'" in capsys.readouterr().err
    (tmp_path / "vgg19").write_text("")
    assert main(["models", "import", "vgg19"]) == 1
    assert "vgg19 is refused: the file is empty" in capsys.readouterr().err


@pytest.mark.usefixtures("small_layout")
def test_other_weights_of_vgg19_need_the_option(tmp_path, capsys):
    path = tmp_path / "mine.h5"
    path.write_bytes(b"not HDF5")
    for more in ([], ["--unverified"]):
        assert main(["models", "import", "vgg19", str(path), *more]) == 1
        said = capsys.readouterr().err
        assert said.startswith("mine.h5 is refused: its weights cannot be read")
        assert "Choose weights of VGG19" in said
    write_small(path)
    for words in (["vgg19", str(path)], [str(path)]):
        assert main(["models", "import", *words]) == 1
        assert capsys.readouterr().err.strip().endswith("add --unverified.")


def test_failures_are_sentences(tmp_path, capsys):
    assert main(["models", "import", str(tmp_path / "gone.keras")]) == 1
    assert "gone.keras" in capsys.readouterr().err
    assert main(["models", "import", "one", "two", "three"]) == 2
    assert main(["models", "restore"]) == 1
    assert "no model in the trash" in capsys.readouterr().err
    assert main(["models", "restore", "gone"]) == 2
    assert "'gone'" in capsys.readouterr().err
    assert main(["models", "remove", "everyday"]) == 1


def test_the_convolutions_alone_are_downloaded_once(capsys, mirror):
    for _ in range(2):
        assert main(["models", "download", BACKBONE_ID]) == 0
        assert "sightline train DATA --recipe pretrained --set backbone=vgg19" in capsys.readouterr().out
        assert weights_file().read_bytes() == mirror.content
        mirror.plan = ["missing"]  # nothing is asked for any more


def test_a_download_of_the_convolutions_that_fails_is_a_sentence(capsys, mirror):
    mirror.plan = ["missing"]
    assert main(["models", "download", BACKBONE_ID]) == 1
    assert "404" in capsys.readouterr().err
    assert weights_file() is None


def grey_network(path, classes):
    """Save a network whose answer is the last class for bright pictures, given 0..255, and the first else."""
    import keras

    layers = keras.layers
    bright = layers.Dense(classes, "softmax", kernel_initializer=keras.initializers.Constant(0.0))
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.GlobalAveragePooling2D(), bright])
    kernel, bias = bright.get_weights()
    kernel[:, -1], bias[-1], bias[0] = 1.0, -100.0, 1.0
    bright.set_weights([kernel, bias])
    model.save(path)


def test_choices_and_the_imported_model_are_shown_with_answers(tmp_path, capsys):
    path, labels, picture = tmp_path / "m.keras", tmp_path / "labels.txt", tmp_path / "white.png"
    grey_network(path, 2)
    labels.write_text("dark\nbright\n", encoding="utf-8")
    Image.new("RGB", (9, 9), (255, 255, 255)).save(picture)
    importing = ["models", "import", str(path), "--labels", str(labels), "--try", str(picture)]
    assert main(importing) == 2
    said = capsys.readouterr().err.splitlines()
    chosen = next(number for number, line in enumerate(said) if line.startswith("  none "))
    assert "white.png: bright, 100.0%" in said[chosen + 1]
    chosen = next(number for number, line in enumerate(said) if line.startswith("  unit "))
    assert "white.png: dark, 100.0%" in said[chosen + 1]
    assert main([*importing, "--pixels", "none"]) == 0
    assert "  white.png: bright, 100.0%" in capsys.readouterr().out
    (tmp_path / "no.png").write_text("no picture")
    missing = [*importing[:-1], str(tmp_path / "no.png"), "--pixels", "none", "--name", "again"]
    assert main(missing) == 1
    said = capsys.readouterr().err
    assert "no.png cannot be read: " in said
    assert "The model is imported" in said


def test_numbers_in_their_order_are_not_taken_for_the_order_of_folders(tmp_path, capsys):
    path, labels = tmp_path / "m.keras", tmp_path / "labels.txt"
    grey_network(path, 12)
    labels.write_text("\n".join(map(str, range(12))), encoding="utf-8")
    importing = ["models", "import", str(path), "--labels", str(labels), "--pixels", "none"]
    assert main(importing) == 2
    said = capsys.readouterr().err
    assert "(0, 1, 2, 3, …)" in said
    assert "(0, 1, 10, 11, …)" in said
    for order, names in (("given", "0, 1, 2, 3"), ("folders", "0, 1, 10, 11")):
        assert main([*importing, "--label-order", order]) == 0
        said = capsys.readouterr().out
        assert f"classes: 12: {names}" in said
        assert "Check the names with a picture of each class" in said
    labels.write_text("\n".join(f"{number} {number}" for number in range(12)), encoding="utf-8")
    assert main(importing) == 0
    assert main([*importing, "--label-order", "folders"]) == 2
