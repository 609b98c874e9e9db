"""Folders as they lie on real disks, generated with what is in them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.report import Part

CLASS_NAMES = (
    ("cat", "dog", "horse", "sheep", "cow"),
    ("golden retriever", "labrador", "german_shepherd", "pug", "Boston-Terrier"),
    ("n01443537", "n02124075", "n03014705", "n07873807"),
    ("Äpfel", "Birnen", "Zwetschgen", "Süßkirschen"),
    ("лиса", "волк", "медведь", "заяц"),
    ("猫", "狗", "马", "鸟"),
    ("りんご", "みかん", "ぶどう"),
    ("قطة", "كلب", "حصان"),
    ("고양이", "개", "말"),
    ("NORMAL", "PNEUMONIA", "COVID-19"),
    ("Quercus robur L.", "Acer campestre", "Fagus sylvatica"),
    ("trainer", "tester", "valley"),
    ("test tube", "beaker", "training shoes"),
    ("0", "1", "2", "3", "4"),
    ("A", "a", "B", "b"),
    ("with_mask", "without_mask", "incorrect_mask"),
    ("ok", "scratch", "dent"),
    ("café", "thé", "maté"),
)

PART_NAMES: tuple[tuple[tuple[str, Part], ...], ...] = (
    (("train", "train"), ("test", "test")),
    (("train", "train"), ("val", "validation"), ("test", "test")),
    (("Training", "train"), ("Validation", "validation"), ("Testing", "test")),
    (("training_set", "train"), ("test_set", "test")),
    (("seg_train", "train"), ("seg_test", "test")),
    (("Final_Training", "train"), ("Final_Test", "test")),
    (("train2017", "train"), ("val2017", "validation")),
    (("trainval", "train"), ("test", "test")),
    (("training", "train"), ("validation", "validation"), ("evaluation", "test")),
    (("01_train", "train"), ("02_val", "validation"), ("03_test", "test")),
    (("images_train", "train"), ("images_test", "test")),
    (("TrainingSet", "train"), ("TestSet", "test")),
    (("flowers-train", "train"), ("flowers-valid", "validation")),
    (("Trainingsdaten", "train"), ("Testdaten", "test")),
    (("entrenamiento", "train"), ("validación", "validation"), ("prueba", "test")),
    (("apprentissage", "train"), ("validation", "validation")),
    (("addestramento", "train"), ("test", "test")),
    (("обучение", "train"), ("тест", "test")),
    (("训练集", "train"), ("验证集", "validation"), ("测试集", "test")),
    (("学習", "train"), ("検証", "validation")),
    (("tr", "train"), ("te", "test")),
    (("train_1", "train"), ("train_2", "train"), ("test_1", "test")),
)

WRAPPERS = ("data", "archive", "images", "my pictures", "PetImages", "dataset_v2", "extracted (1)")
PICTURE_FOLDERS = ("images", "imgs", "JPEGImages", "pics", "data")
NOISE = ("@eaDir", "#recycle", "__MACOSX", "lost+found", ".thumbnails", "$RECYCLE.BIN", ".ipynb_checkpoints")
SITES = ("site", "camera", "patient_", "Location ", "batch-", "fold")
BELOW = ("date", "patient", "number", "burst", "wrapper", "kinds")
SHAPES = (
    *("flat", "flat", "sites", "kinds", "inverted", "site_parts", "joined", "one_class", "mixed", "boxes"),
    *("other_classes", "beside", "days", "examples"),
)
BLANK = ("pred", "unlabelled", "to_predict", "submission", "seg_pred")


@dataclass
class Generated:
    """A data set with what is in it.

    Attributes:
        kind: What was drawn, for messages.
        truth: Class and subset of each picture, by its path; those that are not used are missing.
        open: Whether names alone leave it open, so that a question is expected.
        refused: Whether there is nothing to learn from.
    """

    kind: list[str] = field(default_factory=list)
    truth: dict[Path, tuple[str, Part | None]] = field(default_factory=dict)
    open: bool = False
    refused: bool = False


def generate(number: int, root: Path) -> Generated:
    """Write the data set of a number into an empty folder."""
    return _Writer(random.Random(number), root).write()


class _Writer:
    def __init__(self, draw: random.Random, root: Path) -> None:
        self._draw = draw
        self._root = root
        self._made = Generated()
        self._count = 0

    def write(self) -> Generated:
        draw = self._draw
        names = draw.choice(CLASS_NAMES)
        classes = draw.sample(names, draw.randint(2, len(names)))
        where = self._root
        for _ in range(draw.choice((0, 0, 0, 1, 1, 2))):
            where /= draw.choice(WRAPPERS)
        shape = draw.choice((*("parts",) * 6, *SHAPES))
        self._made.kind += [shape, str(where.relative_to(self._root))]
        getattr(self, f"_{shape}")(where, classes)
        for folder in {path.parent for path in self._made.truth}:
            if draw.random() < 0.15:
                self._noise(folder)
        if draw.random() < 0.3:
            self._noise(where)
        if draw.random() < 0.2:
            (where / "readme.txt").write_text("Pictures of things.")
        return self._made

    def _flat(self, where: Path, classes: list[str]) -> None:
        self._classes(where, classes, None, self._below(classes))
        self._extras(where)
        if self._draw.random() < 0.3:
            self._blank(where / self._draw.choice(BLANK))

    def _parts(self, where: Path, classes: list[str]) -> None:
        draw = self._draw
        names = draw.choice(PART_NAMES)
        below = self._below(classes)
        inner = draw.choice(("", "", "", "same", draw.choice(PICTURE_FOLDERS)))
        blank = draw.choice((None, None, None, names[-1][0])) if len(names) > 1 else None
        labeled = [part for name, part in names if name != blank]
        alone = set(labeled) == {"train"}
        self._made.kind += [*(name for name, _part in names), f"inner {inner}", f"blank {blank}"]
        different = len({name.casefold() for name in classes}) == len(classes)
        long_names = classes[0].isascii() and min(map(len, classes)) > 1
        other_case = draw.random() < 0.2 and long_names and different
        for name, part in names:
            folder = where / name / (name if inner == "same" else inner)
            if name == blank:
                self._blank(draw.choice((folder, where / name / "unknown")))
                continue
            own = classes if part == "train" or draw.random() < 0.7 else classes[: max(1, len(classes) - 1)]
            self._classes(folder, own, None if alone else part, below, loud=other_case and part != "train")
        self._extras(where)
        if draw.random() < 0.2:
            self._blank(where / draw.choice(BLANK))

    def _sites(self, where: Path, classes: list[str]) -> None:
        word = self._draw.choice(SITES)
        self._made.kind.append(word)
        self._made.open |= _says_little(classes)
        for number in range(1, self._draw.randint(3, 5)):
            self._classes(where / f"{word}{number}", classes, None, "")

    def _kinds(self, where: Path, classes: list[str]) -> None:
        """Two levels of names, either of which may be the classes: which one is drawn."""
        self._made.open = True
        lower = self._draw.random() < 0.5
        self._made.kind.append("lower" if lower else "upper")
        for name in classes:
            for inner in ("x", "y"):
                for _ in range(2):
                    inner_name = f"{inner} of {name}"
                    self._picture(where / name / inner_name, inner_name if lower else name, None)

    def _inverted(self, where: Path, classes: list[str]) -> None:
        names = self._draw.choice([names for names in PART_NAMES if names[0][0] == "train"])
        for name in classes:
            for part_name, part in names:
                for _ in range(2):
                    self._picture(where / name / part_name, name, part)

    def _site_parts(self, where: Path, classes: list[str]) -> None:
        word = self._draw.choice(SITES)
        self._made.kind.append(word)
        self._made.open |= word == "fold"
        for number in (1, 2):
            for name, part in (("train", "train"), ("test", "test")):
                self._classes(where / f"{word}{number}" / name, classes, part, "")  # type: ignore[arg-type]

    def _days(self, where: Path, classes: list[str]) -> None:
        """Cameras, then days, then classes."""
        self._made.open |= _says_little(classes)
        for camera in (1, 2):
            for day in (1, 2, 3):
                self._classes(where / f"cam{camera}" / f"2023-05-0{day}", classes, None, "")

    def _joined(self, where: Path, classes: list[str]) -> None:
        """Subset and class in one name."""
        after = self._draw.random() < 0.5
        self._made.refused = _says_little(classes) or any(
            "train" in name or "test" in name for name in classes
        )
        parts: tuple[Part, ...] = ("train", "test")
        for name in classes:
            for part in parts:
                folder = where / (f"{name}_{part}" if after else f"{part}_{name}")
                self._classes_in(folder, name, part)

    def _one_class(self, where: Path, classes: list[str]) -> None:
        """Data for the detection of anomalies: only good ones to train on."""
        self._made.open = True
        self._classes(where / "train", classes[:1], None, "")
        self._classes(where / "test", classes, None, "")
        for name in classes[1:]:
            mask = where / "ground_truth" / name / "0_mask.jpg"
            mask.parent.mkdir(parents=True)
            mask.write_bytes(b"mask")

    def _mixed(self, where: Path, classes: list[str]) -> None:
        """Classes on two levels, or kinds inside one of the classes: which one is drawn."""
        self._made.open = True
        lower = self._draw.random() < 0.5
        self._classes(where, classes[1:], None, "")
        for kind in ("kind x", "kind y"):
            for _ in range(2):
                self._picture(where / classes[0] / kind, kind if lower else classes[0], None)

    def _boxes(self, where: Path, _classes: list[str]) -> None:
        """Data for the detection of objects: there are no classes."""
        self._made.refused = True
        outside = self._draw.random() < 0.5
        for part in ("train", "valid"):
            for folder, name in (("images", "1.jpg"), ("labels", "1.txt")):
                path = where / (f"{folder}/{part}" if outside else f"{part}/{folder}") / name
                path.parent.mkdir(parents=True)
                path.write_bytes(b"0 0.5 0.5 1 1")

    def _other_classes(self, where: Path, classes: list[str]) -> None:
        """A test folder none of whose classes is learned: they are left out, or learned too."""
        self._made.open = True
        learned = self._draw.random() < 0.5
        self._classes(where / "train", classes, None, "")
        for name in ("sofa", "table"):
            for _ in range(2):
                self._picture(where / "test" / name, name, None, used=learned)

    def _beside(self, where: Path, classes: list[str]) -> None:
        """A folder beside the classes whose name is that of a subset, of masks or of a collection."""
        self._made.open = True
        self._classes(where, classes, None, "")
        self._blank(
            where / self._draw.choice(("test", "validation", "images", "masks", "labels", "test_images"))
        )

    def _examples(self, where: Path, classes: list[str]) -> None:
        """A data set with subsets, and a few pictures beside its folder."""
        self._made.open = True
        self._classes(where / "data" / "train", classes, "train", "")
        self._classes(where / "data" / "test", classes, "test", "")
        self._blank(where / "examples")

    def _below(self, classes: list[str]) -> str:
        """What is in the class folders; numbers in number classes may be the other way round."""
        below = self._draw.choice(("", "", "", *BELOW))
        if _says_little(classes):
            below = ""
        self._made.kind.append(f"below {below}")
        self._made.open |= below == "kinds"
        return below

    def _classes(
        self, where: Path, classes: list[str], part: Part | None, below: str, *, loud: bool = False
    ) -> None:
        for name in classes:
            folder = where / (name.upper() if loud else name)
            self._classes_in(folder, name, part, below)

    def _classes_in(self, folder: Path, name: str, part: Part | None, below: str = "") -> None:
        for number in range(self._draw.randint(2, 4)):
            self._picture(folder / self._inner(below, name, number), name, part)

    def _inner(self, below: str, name: str, number: int) -> str:
        draw = self._draw
        if below == "kinds":
            return f"{name} {'ab'[number % 2]}"
        choices = {
            "": "",
            "date": f"2023-0{draw.randint(1, 9)}-1{number}",
            "patient": f"patient_{draw.randint(1, 99):02}",
            "number": f"{draw.randint(100, 999)}",
            "burst": f"burst{number}",
            "wrapper": "images",
        }
        return choices[below]

    def _extras(self, where: Path) -> None:
        """Masks of all pictures, or annotations."""
        chance = self._draw.random()
        if chance < 0.15 and self._made.truth:
            for path in list(self._made.truth):
                mask = where / "masks" / path.relative_to(where)
                mask.parent.mkdir(parents=True, exist_ok=True)
                mask.write_bytes(b"mask")
            self._made.kind.append("masks")
        elif chance < 0.3:
            (where / "annotations").mkdir()
            (where / "annotations" / "instances.json").write_text("{}")

    def _blank(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(parents=True)
        for number in range(3):
            (folder / f"{number}.jpg").write_bytes(b"unlabeled")
        self._made.kind.append(f"unlabeled {folder.relative_to(self._root)}")

    def _noise(self, folder: Path) -> None:
        thumbs = folder / self._draw.choice(NOISE) / "1.jpg"
        thumbs.mkdir(parents=True, exist_ok=True)
        (thumbs / "THUMB_XL.jpg").write_bytes(b"thumbnail")
        (folder / "Thumbs.db").write_bytes(b"\xd0\xcf")

    def _picture(self, folder: Path, name: str, part: Part | None, *, used: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self._count}.jpg"
        self._count += 1
        path.write_bytes(b"a picture")
        if used:
            self._made.truth[path] = (name, part)


def _says_little(classes: list[str]) -> bool:
    """Whether the names are numbers or letters, which may be anything."""
    return all(name.isdecimal() or len(name) == 1 for name in classes)
