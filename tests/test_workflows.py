"""The workflows: sound, and safe against the pull requests of strangers."""

from __future__ import annotations

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from mini import MiniBook

from kubebook.gobuild import go
from kubebook.report import last_report

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.y*ml"))
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def findings(command: list[str], folder: Path) -> str:
    """What a checker complains about; "" when it is content."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def read(path: Path) -> dict[str, Any]:
    # YAML 1.1, which PyYAML speaks, takes the key `on` for a truth value.
    text = re.sub(r"^on:", '"on":', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def rights(data: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What the token of each job may write."""
    jobs = {name: job.get("permissions", {}) for name, job in data["jobs"].items()}
    return {
        name: {what: right for what, right in given.items() if right != "read"}
        for name, given in jobs.items()
    }


def test_there_are_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "pages.yml", "shards.yml"]


def test_zizmor_finds_nothing() -> None:
    zizmor = [str(Path(sys.prefix) / "bin/zizmor"), "--offline", "--quiet", "--no-config"]
    assert not findings([*zizmor, "--persona", "pedantic", str(GITHUB)], ROOT)


def test_actionlint_finds_nothing() -> None:
    # Shellcheck and pyflakes would be used where they are installed, so not on every machine.
    actionlint = [go(), "tool", "actionlint", "-shellcheck=", "-pyflakes="]
    assert not findings([*actionlint, *map(str, WORKFLOWS)], GITHUB / "actionlint")


@workflow
def test_actions_are_pinned_by_commit(path: Path) -> None:
    used = re.findall(r"uses: *(.+)", path.read_text(encoding="utf-8"))
    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []


@pytest.mark.fault(".github/workflows/ci.yml", "  pull_request:\n", "  pull_request_target:\n")
@pytest.mark.fault(
    ".github/workflows/pages.yml",
    "    runs-on: ubuntu-24.04\n    timeout-minutes: 15",
    "    runs-on: self-hosted\n    timeout-minutes: 15",
)
@workflow
def test_strangers_meet_neither_secrets_nor_machines_of_ours(path: Path) -> None:
    text, data = path.read_text(encoding="utf-8"), read(path)
    assert not {"pull_request_target", "workflow_run"} & set(data["on"])
    code = re.sub(r"#.*", "", text)
    assert not re.search(r"\bsecrets\b|github\.token|GITHUB_TOKEN|GH_TOKEN", code)
    assert {job["runs-on"] for job in data["jobs"].values()} == {"ubuntu-24.04"}


@pytest.mark.fault(
    ".github/workflows/ci.yml",
    "          persist-credentials: false\n      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0\n        with:\n          python-version: ${{",
    "      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0\n        with:\n          python-version: ${{",
)
@workflow
def test_no_token_is_left_where_a_snippet_could_read_it(path: Path) -> None:
    steps = [step for job in read(path)["jobs"].values() for step in job["steps"]]
    checkouts = [s for s in steps if s.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@workflow
def test_tokens_may_only_read_but_for_the_deployment(path: Path) -> None:
    data = read(path)
    assert data["permissions"] == {}
    assert all("permissions" in job for job in data["jobs"].values())
    writing = {name: given for name, given in rights(data).items() if given}
    assert writing in ({}, {"deploy": {"pages": "write", "id-token": "write"}})


def test_only_main_is_deployed() -> None:
    deploy = read(GITHUB / "workflows/pages.yml")["jobs"]["deploy"]
    assert deploy["needs"] == "build"
    assert deploy["if"] == "github.ref == 'refs/heads/main'"
    assert all("run" not in step for step in deploy["steps"])


@pytest.mark.fault(
    ".github/workflows/ci.yml", "hashFiles('.kubebook/report.json')", "hashFiles('report.json')"
)
def test_drift_is_annotated_whatever_the_tests_said(mini: MiniBook) -> None:
    steps = read(GITHUB / "workflows/ci.yml")["jobs"]["live"]["steps"]
    runs = [step.get("run") for step in steps]
    reported = runs.index(".venv/bin/kubebook report --format github")
    assert runs.index("make test") < reported
    file = last_report(mini.book).relative_to(mini.root)
    assert steps[reported]["if"] == f"${{{{ !cancelled() && hashFiles('{file}') != '' }}}}"


@pytest.mark.fault(".github/workflows/pages.yml", "fetch-depth: 0", "fetch-depth: 1")
@pytest.mark.fault(".github/workflows/pages.yml", "KUBEBOOK_REPO_URL:", "KUBEBOOK_REPOSITORY_URL:")
@pytest.mark.fault(".github/workflows/pages.yml", "mv kubebook-offline.zip site/", "mv *.zip /tmp")
def test_the_published_site_has_dates_links_to_its_source_and_itself_as_one_file() -> None:
    steps = read(GITHUB / "workflows/pages.yml")["jobs"]["build"]["steps"]
    assert steps[0]["with"]["fetch-depth"] == 0
    (build,) = (step for step in steps if step.get("run") == "make site")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert sorted(build["env"]) == sorted(re.findall(r"!ENV \[(\w+)", settings))
    made = [step.get("run", "") for step in steps].index(
        "make offline\nmv kubebook-offline.zip site/\n"
    )
    assert steps.index(build) < made  # a build empties the folder
    assert steps[made + 1]["with"]["path"] == "site"
    assert build["env"]["KUBEBOOK_OFFLINE_ZIP"].endswith("}}/kubebook-offline.zip")


@pytest.mark.fault(".github/workflows/ci.yml", "    continue-on-error: true #", "    #")
def test_the_trial_of_another_builder_cannot_fail_the_run() -> None:
    jobs = read(GITHUB / "workflows/ci.yml")["jobs"]
    assert jobs["zensical"]["continue-on-error"] is True
    assert [job for job in jobs.values() if job.get("needs")] == []


@pytest.mark.fault(".github/workflows/shards.yml", "[1/4, 2/4, 3/4, 4/4]", "[1/4, 2/4, 3/4]")
@pytest.mark.fault(".github/workflows/shards.yml", "    needs: check\n", "")
def test_shards_are_complete_and_come_together() -> None:
    jobs = read(GITHUB / "workflows/shards.yml")["jobs"]
    shards = jobs["check"]["strategy"]["matrix"]["shard"]
    assert shards == [f"{number}/{len(shards)}" for number in range(1, len(shards) + 1)]
    (upload,) = (step for step in jobs["check"]["steps"] if "upload" in step.get("uses", ""))
    (download,) = (step for step in jobs["report"]["steps"] if "download" in step.get("uses", ""))
    assert fnmatch(upload["with"]["name"], download["with"]["pattern"])
    assert upload["if"] == jobs["report"]["if"] == "always()"
    assert jobs["report"]["needs"] == "check"
