from pathlib import Path

from desktop_app.core.datasets.problem_groups import FEW, grouped
from desktop_app.core.datasets.report import FileProblem
from desktop_app.core.foundation.errors import Reason

FOLDER = Path("/data/pets")


def problem(name, text, advice=""):
    return FileProblem(FOLDER / name, Reason(text, advice))


def test_what_differs_by_numbers_and_names_alone_is_one_reason():
    problems = [problem(f"{n}.jpg", f"{n}.jpg ends at byte {n + 7:,}.") for n in range(20)]
    problems.insert(3, problem("x.jpg", "This is text, not a picture."))
    groups = grouped(problems)
    assert [len(group.paths) for group in groups] == [20, 1]
    assert groups[0].paths[3] == FOLDER / "3.jpg"
    assert groups[0].reason.text == "0.jpg ends at byte 7."


def test_a_few_files_are_named_one_by_one():
    groups = grouped([problem(f"{n}.jpg", "It is empty.", "Remove it.") for n in range(FEW)])
    assert groups[0].sentences(FOLDER) == [
        f"{FOLDER / f'{n}.jpg'} is skipped: It is empty. Remove it." for n in range(FEW)
    ]


def test_many_files_are_one_sentence_with_examples():
    (group,) = grouped([problem(f"test1/{n}.jpg", "It is in no class folder.") for n in range(1, 12_501)])
    examples = ", ".join(str(Path("test1", f"{n}.jpg")) for n in (1, 2, 3))
    sentence = f"12,500 files are skipped, such as {examples}: It is in no class folder."
    assert group.sentences(FOLDER) == [sentence]
    assert group.sentences(FOLDER, "The log names each.") == [f"{sentence} The log names each."]


def test_a_file_outside_the_data_is_named_by_its_whole_path():
    problems = [FileProblem(Path(f"/else/{n}.jpg"), Reason("It is empty.")) for n in range(FEW + 1)]
    (sentence,) = grouped(problems)[0].sentences(FOLDER)
    assert str(Path("/else/0.jpg")) in sentence
