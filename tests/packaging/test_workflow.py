"""The workflow that builds releases, read: it runs on GitHub's machines only."""

import fnmatch
import re

import pytest
import yaml

from desktop_app.cli import build_parser
from tests.packaging.conftest import PACKAGING, ROOT

PATH = ROOT / ".github" / "workflows" / "release.yml"
SYSTEMS = ("linux", "windows", "macos")


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def commands(job):
    return "\n".join(step["run"] for step in job["steps"] if "run" in step)


def test_every_action_is_pinned_to_a_commit_beside_its_version():
    used = [line.strip() for line in PATH.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.fullmatch(r"- uses: actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_only_the_release_may_write(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions") == ({"contents": "write"} if name == "release" else None)
        assert job["timeout-minutes"] <= 120
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_nothing_from_outside_becomes_part_of_a_command(workflow):
    for job in workflow["jobs"].values():
        assert "${{" not in commands(job)


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_builds_tests_itself_and_hands_all_of_it_on(workflow, system):
    job = workflow["jobs"][system]
    text = commands(job)
    assert "make dist" in text or r"packaging\dist.py" in text
    for script in re.findall(r"packaging[\\/][\w\\/]+\.(?:ps1|sh)", text):
        text += (ROOT / script.replace("\\", "/")).read_text(encoding="utf-8")
    assert "doctor --self-test" in text
    (upload,) = [step for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
    assert upload is job["steps"][-1]
    assert upload["with"]["name"] == system
    assert upload["with"]["path"] == "dist/"
    assert upload["with"]["if-no-files-found"] == "error"


def test_the_release_waits_for_all_systems_and_is_a_draft(workflow):
    job = workflow["jobs"]["release"]
    assert job["needs"] == list(SYSTEMS)
    assert job["if"] == "github.ref_type == 'tag'"
    assert "--draft" in commands(job)
    assert "sha256sum --check" in commands(job)


def test_files_and_targets_that_it_names_exist(workflow):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for job in workflow["jobs"].values():
        text = commands(job).replace("\\", "/")
        for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
        for name in re.findall(r"(?:packaging|docs|desktop_app)/[\w/]+\.\w+|[\w-]+\.lock", text):
            assert (ROOT / name).is_file(), name


def test_the_names_that_it_looks_for_are_those_that_are_built(workflow, script):
    windows, macos = script("frozen.windows"), script("frozen.macos")
    trial = (PACKAGING / "windows" / "try_installer.ps1").read_text(encoding="utf-8")
    assert f"{windows.installer_name()}.exe".startswith("sightline-")
    pattern = re.search(r"dist\\(sightline-[^\"]+)", trial)[1]
    assert fnmatch.fnmatch(f"{windows.installer_name()}.exe", pattern)
    pattern = re.search(r"dist/(sightline-\S+\.dmg)", commands(workflow["jobs"]["macos"]))[1]
    assert fnmatch.fnmatch(macos.image_name(), pattern)


def test_the_self_test_is_a_command():
    options = build_parser().parse_args(["doctor", "--self-test"])
    assert options.self_test is True


def test_the_trial_of_the_installer_looks_where_the_installer_writes(script):
    trial = (PACKAGING / "windows" / "try_installer.ps1").read_text(encoding="utf-8")
    installer = (PACKAGING / "windows" / "sightline.iss").read_text(encoding="utf-8")
    for program in script("frozen.platforms").executables(str(PACKAGING), "win32"):
        assert rf"$app\{program['name']}.exe" in trial
    for key in re.findall(r"(?:Sightline\.Picture|Directory)\\shell[\\\w]+", trial):
        assert rf"Software\Classes\{key}" in installer
