"""The list of ImageNet's classes."""

from __future__ import annotations

from collections import Counter

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library import imagenet_labels as imagenet
from desktop_app.core.library.imagenet_labels import imagenet_labels


def test_a_thousand_synsets_in_order():
    labels = imagenet_labels()
    synsets = [label.class_id for label in labels]
    assert len(labels) == 1000
    assert synsets == sorted(set(synsets))
    assert all(len(synset) == 9 and synset[0] == "n" and synset[1:].isdigit() for synset in synsets)
    assert (labels[0].label, labels[281].label, labels[999].label) == ("tench", "tabby", "toilet_tissue")


def test_two_names_occur_twice():
    counts = Counter(label.label for label in imagenet_labels())
    assert {name for name, count in counts.items() if count > 1} == {"crane", "maillot"}
    assert max(counts.values()) == 2


def test_callers_cannot_change_the_list():
    imagenet_labels().clear()
    assert len(imagenet_labels()) == 1000


@pytest.mark.parametrize("text", ["index,synset,name\n0,n01440764,tench\n", "index,synset,name\n"])
def test_a_damaged_list_is_said(tmp_path, monkeypatch, text):
    (tmp_path / "imagenet_labels.csv").write_text(text)
    monkeypatch.setattr(imagenet.paths, "resources", lambda: tmp_path)
    with pytest.raises(ModelError, match="damaged"):
        imagenet_labels()


def test_a_missing_list_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(imagenet.paths, "resources", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"imagenet_labels\.csv cannot be read") as caught:
        imagenet_labels()
    assert "Reinstall" in caught.value.advice
