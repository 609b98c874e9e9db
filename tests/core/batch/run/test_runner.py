from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.core.batch.job import job as job_module
from desktop_app.core.batch.job import listing
from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.batch.job.errors import JobError, SourceGone
from desktop_app.core.batch.job.filters import RowFilter
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.batch.run import answering, runner
from desktop_app.core.foundation import report_rate
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.images import folders
from tests.core.batch.fakes import FakeClassifier, make_folder, new_job, write_picture

LABELS = ("red", "green", "blue")


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pictures", 50)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "one.job"


@pytest.fixture(autouse=True)
def every_batch_is_committed_and_told(monkeypatch):
    monkeypatch.setattr(job_module, "COMMIT_ROWS", 1)
    monkeypatch.setattr(report_rate, "REPORTS_PER_SECOND", 1e9)


def run(job, classifier=None, **options):
    options.setdefault("batch_size", 8)
    return runner.run(job, classifier or FakeClassifier(), **options)


def all_rows(path):
    with JobReader(path) as reader:
        return list(reader.select())


def test_every_picture_gets_its_answer_in_the_order_found(folder, path):
    classifier = FakeClassifier()
    with new_job(path, folder) as job:
        summary = run(job, classifier)
        assert job.state == "finished"
    rows = all_rows(path)
    assert [row.path.name for row in rows] == [f"{number}.ppm" for number in range(50)]
    assert [row.prediction.top.label for row in rows] == [LABELS[number % 3] for number in range(50)]
    assert all(row.seconds > 0 for row in rows)
    assert classifier.batches == [8] * 6 + [2]
    assert (summary.finished, summary.answered, summary.failed, summary.left) == (True, 50, 0, 0)
    assert summary.sentence.startswith("50 pictures, ")


def test_bad_files_are_rows_with_a_reason_and_batches_stay_full(folder, path):
    for number in range(0, 50, 5):
        (folder / f"{number}.ppm").write_bytes(b"")
    classifier = FakeClassifier()
    with new_job(path, folder) as job:
        summary = run(job, classifier)
    assert (summary.answered, summary.failed) == (40, 10)
    assert "10 couldn't be read" in summary.sentence
    assert classifier.batches == [8] * 5
    rows = all_rows(path)
    assert [row.number for row in rows if row.status is Status.FAILED] == list(range(1, 51, 5))
    assert rows[0].reason == "The file is empty (0 bytes). Copy or download it again."


def test_a_run_goes_on_where_it_was_cancelled_and_with_what_appeared_since(folder, path):
    control = BatchControl()

    def cancel_soon(progress):
        if progress.done:
            control.cancel()

    first = FakeClassifier()
    with new_job(path, folder) as job:
        summary = run(job, first, control=control.token, on_progress=cancel_soon)
        assert job.state == "stopped"
    assert not summary.finished
    assert 0 < summary.answered < 50
    assert f"{50 - summary.answered} left" in summary.sentence
    write_picture(folder / "new.ppm")
    second = FakeClassifier()
    with new_job(path, folder) as job:
        run(job, second)
    assert sum(first.batches) + sum(second.batches) == 51
    rows = all_rows(path)
    assert all(row.status is Status.DONE for row in rows)
    assert rows[-1].path.name == "new.ppm"


def test_a_finished_job_asks_the_network_nothing(folder, path):
    with new_job(path, folder) as job:
        run(job)
        again = FakeClassifier()
        assert run(job, again).answered == 0
    assert not again.batches


def test_a_paused_job_acknowledges_what_it_has_and_waits(folder, path):
    control = BatchControl()
    seen = []

    class Waiting:
        cancelled = False

        @property
        def paused(self):
            return control.token.paused

        def wait_while_paused(self):
            with JobReader(path) as reader:
                seen.append(reader.counts().done)
            control.unpause()

    def pause_once(progress):
        if progress.done and not seen:
            control.pause()

    with new_job(path, folder) as job:
        summary = run(job, control=Waiting(), on_progress=pause_once)
    assert summary.finished
    assert len(seen) == 1
    assert seen[0] >= 8


def test_progress_counts_up_and_knows_the_total_once_all_are_found(folder, path):
    told = []
    with new_job(path, folder) as job:
        run(job, on_progress=told.append)
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert (told[-1].done, told[-1].total, told[-1].seconds_left) == (50, 50, 0)
    assert told[-1].per_second > 0
    assert "50 of 50" in told[-1].sentence


def test_the_first_answers_do_not_wait_for_the_last_pictures(tmp_path, path, monkeypatch):
    monkeypatch.setattr(runner, "LISTING_SECONDS", 1e-6)
    folder = make_folder(tmp_path / "many", 600)
    told = []
    with new_job(path, folder) as job:
        run(job, on_progress=told.append, batch_size=64)
    assert any(progress.done and progress.total is None for progress in told)
    assert "found so far" in next(progress.sentence for progress in told if progress.total is None)
    assert told[-1].total == 600


def test_another_model_is_refused(folder, path):
    with new_job(path, folder) as job:
        card = job.spec.model_copy(update={})
        other = FakeClassifier()
        other.card = other.card.changed(weights_sha256="f" * 64)
        with pytest.raises(JobError, match="other weights"):
            run(job, other)
        assert card == job.spec


class FailsOn(FakeClassifier):
    """Fails whenever a batch has one of these colours in it."""

    def __init__(self, *channels):
        super().__init__()
        self.channels = channels

    def outputs(self, prepared, batch_size=16):
        if any(picture[0, 0, channel] == 250 for picture in prepared for channel in self.channels):
            raise ModelError("There is not enough memory.", "Close other programs.")
        return super().outputs(prepared, batch_size)


def test_a_picture_that_the_model_fails_on_is_found_and_the_rest_answered(folder, path):
    with new_job(path, folder) as job:
        summary = run(job, FailsOn(1))
    assert (summary.answered, summary.failed) == (33, 17)
    rows = all_rows(path)
    assert rows[1].reason == "There is not enough memory. Close other programs."
    assert rows[2].prediction.top.label == "blue"


def test_a_model_that_always_fails_ends_the_run_and_fails_no_picture(folder, path):
    with new_job(path, folder) as job, pytest.raises(ModelError, match="not enough memory"):
        run(job, FailsOn(0, 1, 2))
    with Job(path) as job:
        assert (job.done, job.failed) == (0, 0)
        assert run(job).answered == 50


@pytest.mark.engine
def test_the_real_classifier_answers_as_for_single_pictures(folder, path, engine):
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.images.decoding.decode import read_image
    from tests.tiny_model import colour_card, colour_network

    (folder / "10.ppm").write_text("no picture")
    classifier = Classifier.of_keras(colour_card(), colour_network(), "CPU")
    with new_job(path, folder, top=2) as job:
        summary = runner.run(job, classifier, batch_size=8, parallel=3, make_executor=ThreadPoolExecutor)
    assert (summary.answered, summary.failed) == (49, 1)
    for row in all_rows(path):
        if row.status is Status.DONE:
            single = classifier.predict([read_image(row.path)], top=2)[0]
            assert [entry.class_id for entry in row.prediction.labels] == [
                entry.class_id for entry in single.labels
            ]
            assert row.prediction.top.probability == pytest.approx(single.top.probability, abs=1e-6)
            assert row.prediction.sure == single.sure


def test_pictures_wait_when_their_folder_goes_while_the_job_runs(folder, path):
    away = folder.with_name("away")

    def pull_out(progress):
        if progress.done and folder.exists():
            folder.rename(away)

    with new_job(path, folder) as job:
        with pytest.raises(JobError, match="is not there"):
            run(job, FakeClassifier(), on_progress=pull_out)
        done = job.done
        assert 0 < done < 50
        assert job.failed == 0
    with new_job(path, folder) as job, pytest.raises(JobError, match="is not there"):
        run(job, FakeClassifier())
    away.rename(folder)
    with new_job(path, folder) as job:
        summary = run(job, FakeClassifier())
    assert (summary.finished, summary.answered, summary.failed) == (True, 50 - done, 0)


def test_whoever_cancels_does_not_wait_for_a_long_search(folder, path, monkeypatch):
    """Among many files that are not pictures, the first predictions come early, too."""
    monkeypatch.setattr(runner, "LISTING_SECONDS", 0)
    control, looked = BatchControl(), []
    (folder / "texts").mkdir()
    for number in range(300):
        (folder / "texts" / f"{number}.txt").write_text("no picture")
    original = folders.looks_like_picture
    monkeypatch.setattr(
        folders, "looks_like_picture", lambda path, *more: looked.append(path) or original(path, *more)
    )

    def cancel_soon(progress):
        if progress.done >= 16:
            control.cancel()

    with new_job(path, folder) as job:
        summary = run(job, control=control.token, on_progress=cancel_soon)
    assert 16 <= summary.answered <= 50
    assert len(looked) < 200


def test_other_files_are_counted_by_kind_and_kept_with_the_job(folder, path):
    for name in ("a.mp4", "b.MOV", "deep/c.ND2", "deep/d.pdf", "Thumbs.db"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"\0\1")
    with new_job(path, folder) as job:
        run(job, FakeClassifier())
    with JobReader(path) as reader:
        assert reader.left_out().sentence == "2 videos, 1 ND2, 1 PDF left out."
    (folder / "a.mp4").unlink()
    with new_job(path, folder) as job:  # resumed, and counted anew
        run(job, FakeClassifier())
    with JobReader(path) as reader:
        assert reader.left_out().words == "1 ND2, 1 PDF, 1 video"


def test_a_job_of_an_earlier_build_does_not_know_what_was_left_out(folder, path):
    new_job(path, folder).close()
    with JobReader(path) as reader:
        assert not reader.left_out()


def test_a_folder_of_videos_only_says_so(tmp_path, path):
    (tmp_path / "trap").mkdir()
    (tmp_path / "trap" / "a.avi").write_bytes(b"RIFF\0\0\0\0AVI ")
    with new_job(path, tmp_path / "trap") as job:
        run(job, FakeClassifier())
    with JobReader(path) as reader:
        [problem] = reader.problems()
    assert problem.reason.startswith("No pictures in this folder, only 1 video. Videos are not read:")


def test_what_is_unlike_the_training_pictures_is_kept(folder, path):
    classifier = FakeClassifier()
    classifier.unlike = LABELS.index("blue")
    with new_job(path, folder) as job:
        run(job, classifier)
    assert [row.prediction.unlike for row in all_rows(path)] == [number % 3 == 2 for number in range(50)]
    unlike = RowFilter(unlike=True)
    with JobReader(path) as reader:
        assert [row.prediction.top.label for row in reader.select(unlike)] == ["blue"] * 16
        assert list(reader.numbers(unlike)) == list(range(3, 51, 3))
        assert list(reader.numbers(RowFilter(unlike=True, label=0))) == []


def test_a_model_that_cannot_tell_calls_nothing_unlike(folder, path):
    with new_job(path, folder) as job:
        run(job)
    assert {row.prediction.distance for row in all_rows(path)} == {None}
    with JobReader(path) as reader:
        assert list(reader.select(RowFilter(unlike=True))) == []


def move_away_once(folder, away):
    """Make a callback that moves a folder as soon as a picture is done."""

    def move(progress):
        if progress.done and folder.exists() and not away.exists():
            folder.rename(away)

    return move


@pytest.fixture
def inner(tmp_path):
    """A folder with a full one inside, as a card below a mount point, before another."""
    make_folder(tmp_path / "all" / "card 1", 200)
    make_folder(tmp_path / "all" / "card 2", 3)
    return tmp_path / "all" / "card 1"


def test_a_folder_inside_that_goes_is_waited_for_and_one_sentence_says_so(inner, path, tmp_path):
    away = tmp_path / "away"
    with new_job(path, inner.parent) as job:
        with pytest.raises(SourceGone, match=r"card 1 is not there\.$"):
            run(job, FakeClassifier(), on_progress=move_away_once(inner, away))
        done = job.done
        assert job.failed == 0
        assert job.state == "interrupted"
    away.rename(inner)
    with new_job(path, inner.parent) as job:
        assert run(job, FakeClassifier()).answered == 203 - done
        assert (job.failed, job.done) == (0, 203)


def test_a_folder_inside_that_stays_away_is_left_out_with_one_sentence(inner, path, tmp_path):
    with new_job(path, inner.parent) as job, pytest.raises(SourceGone):
        run(job, FakeClassifier(), on_progress=move_away_once(inner, tmp_path / "away"))
    with new_job(path, inner.parent) as job:
        left = job.total - job.done
        assert run(job, FakeClassifier()).finished
        assert job.failed == 0
    with JobReader(path) as reader:
        [problem] = reader.problems()
        assert problem.path == inner
        assert problem.reason.endswith(f"card 1 is not there. {left - 3} pictures in it left out.")


def test_an_empty_mount_point_is_a_folder_that_went(inner, path, tmp_path):
    def unmount(progress):
        if progress.done and not (tmp_path / "away").exists():
            inner.rename(tmp_path / "away")
            inner.mkdir()

    with new_job(path, inner.parent) as job, pytest.raises(SourceGone, match="card 1 is empty now"):
        run(job, FakeClassifier(), on_progress=unmount)


def test_named_files_wait_for_their_folder_too(folder, path, tmp_path):
    with (
        new_job(path, *sorted(folder.iterdir())) as job,
        pytest.raises(SourceGone, match=f"{folder.name} is not there"),
    ):
        run(job, FakeClassifier(), on_progress=move_away_once(folder, tmp_path / "away"))


def test_a_named_file_that_never_was_there_is_its_own_failure(folder, path, tmp_path):
    with new_job(path, folder, tmp_path / "nowhere" / "a.jpg", folder / "gone.jpg") as job:
        summary = run(job, FakeClassifier())
    assert (summary.finished, summary.answered, summary.failed) == (True, 50, 2)


def test_pictures_that_were_gone_for_a_moment_are_read_in_the_end(folder, path, monkeypatch):
    read, missing = answering.read_or_reason, {"7.ppm", "30.ppm"}

    def blinking(picture, prepare):
        number, file = picture
        if file.name in missing:
            missing.remove(file.name)
            picture = number, file.with_name("for a moment elsewhere.ppm")
        return read(picture, prepare)

    monkeypatch.setattr(answering, "read_or_reason", blinking)
    with new_job(path, folder) as job:
        summary = run(job, FakeClassifier())
    assert (summary.finished, summary.answered, summary.failed) == (True, 50, 0)


def test_a_picture_that_never_can_be_read_although_it_is_there_does_not_hold_up_the_job(folder, path):
    (folder / "loop.jpg").symlink_to(folder / "nothing.jpg")
    with new_job(path, folder) as job:
        summary = run(job, FakeClassifier())
    assert (summary.finished, summary.failed) == (True, 1)


def test_a_folder_that_goes_while_it_is_searched_ends_the_run(inner, path, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "LISTING_SECONDS", 0)
    root = inner.parent

    def pull_out(progress):
        if root.exists():
            root.rename(tmp_path / "away")

    with new_job(path, root) as job:
        with pytest.raises(SourceGone, match="all is not there"):
            run(job, FakeClassifier(), on_progress=pull_out)
        assert job.failed == 0


def test_the_first_pictures_are_decoded_while_others_are_looked_for(folder, path, monkeypatch):
    monkeypatch.setattr(listing, "_PIECE", 10)
    found, feed = [], answering.OwnNetwork.feed

    def noting(network, waiting):
        found.append(job.total)
        feed(network, waiting)

    monkeypatch.setattr(answering.OwnNetwork, "feed", noting)
    with new_job(path, folder) as job:
        assert run(job).answered == 50
    assert found[:5] == [10, 20, 30, 40, 50]
