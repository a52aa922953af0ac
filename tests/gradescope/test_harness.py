"""The harness that stands for Gradescope's, tried with archives that do next to nothing."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gradescope.harness.containers import no_containers
from tests.gradescope.harness.handed_in import metadata, student
from tests.gradescope.harness.images import Base, best_base, build
from tests.gradescope.harness.inside import TIMED_OUT
from tests.gradescope.harness.running import Ran, Submission, graded
from tests.gradescope.harness.schema import troubles

SET_UP = "#!/bin/bash\nset -e\npwd\nid -u\nmkdir -p /opt\necho built >/opt/made\necho x >/tmp/left\n"
RESULTS = '{"score": 1, "tests": [{"name": "a", "number": "1", "score": 1, "max_score": 1, "output": "<p>Fine.</p>", "output_format": "html"}]}'
pytestmark = pytest.mark.skipif(bool(no_containers()), reason=f"no container: {no_containers()}")


def archive(run: str, set_up: str = SET_UP) -> bytes:
    """As a teacher on Windows would make it by hand."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        opened.writestr("setup.sh", set_up.replace("\n", "\r\n"))
        opened.writestr("run_autograder", f"#!/bin/bash\n{run}\n".replace("\n", "\r\n"))
    return content.getvalue()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return best_base(tmp_path_factory.mktemp("base"), get=False)


@pytest.fixture
def ran(base: Base, tmp_path: Path) -> Callable[..., Ran]:
    """What becomes of a submission to an autograder whose run_autograder is given."""

    def run(script: str, **options: object) -> Ran:
        image = build(base, archive(script), tmp_path / "image")
        assert image.status == 0, image.log
        return graded(image, Submission({"a/hw.ipynb": b"{}"}, **options), tmp_path / "run")  # type: ignore[arg-type]

    return run


def test_setup_runs_as_root_in_source_and_what_it_makes_is_in_every_run(base: Base, tmp_path: Path) -> None:
    image = build(base, archive("cat /opt/made"), tmp_path / "image")
    assert (image.status, image.log.split()) == (0, ["/autograder/source", "0"])
    assert not (image.folder / "tmp" / "left").exists()
    assert graded(image, Submission({}), tmp_path / "run").stdout == "built\n"


def test_a_setup_that_fails_is_told(base: Base, tmp_path: Path) -> None:
    image = build(base, archive("true", "#!/bin/bash\necho no wheels\nexit 3\n"), tmp_path / "image")
    assert (image.status, image.log) == (3, "no wheels\n")


def test_a_run_has_what_was_handed_in_and_its_results_are_read(ran: Callable[..., Ran]) -> None:
    script = (
        f"pwd; ls submission/a; cat submission_metadata.json; echo oops >&2; echo '{RESULTS}' >results/results.json"
    )
    done = ran(script, metadata=metadata(students=[student(1), student(2)]))
    lines = done.stdout.splitlines()
    assert (lines[0], lines[1], lines[-1][-4:]) == ("/autograder", "hw.ipynb", "oops")
    assert done.results == json.loads(RESULTS)
    assert (done.status, done.in_time, done.processes, done.changed) == (0, True, (), ())


def test_the_environment_is_the_harness_own(ran: Callable[..., Ran]) -> None:
    told = dict(line.partition("=")[::2] for line in ran("/usr/bin/env", seconds=300).stdout.splitlines())
    assert told.keys() >= {"SUBMISSION_URL", "SUBMIT_RESULTS_URL", "ASSET_HOST", "BASIC_AUTH", "PATH", "HOME"}
    assert told["TIMEOUT_SECONDS"] == "300"
    assert "PYTHONPATH" not in told


def test_at_the_timeout_the_child_is_killed_and_its_results_are_lost(ran: Callable[..., Ran]) -> None:
    done = ran(f"echo '{RESULTS}' >results/results.json; exec sleep 60", seconds=1)
    assert (done.status, done.in_time, done.results) == (-9, False, TIMED_OUT)


def test_what_outlives_the_run_and_what_it_changes_outside_is_told(ran: Callable[..., Ran]) -> None:
    done = ran("setsid sleep 300 & echo >/opt/more; echo >/opt/made; rm -r source; echo >results/other; exit 5")
    assert done.status == 5
    assert done.processes == ("sleep 300 ",)
    assert {"opt/more", "opt/made", "autograder/source"} <= set(done.changed)
    assert not any("results" in name for name in done.changed)
    assert done.raw is None


def test_a_run_has_neither_network_nor_rights_that_docker_does_not_give(ran: Callable[..., Ran]) -> None:
    script = "ls /sys/class/net; mount -t tmpfs x /tmp 2>&1; unshare -m true 2>&1; grep CapEff /proc/self/status"
    lines = ran(script).stdout.splitlines()
    assert lines[0] == "lo"
    assert lines[-1].split() == ["CapEff:", "00000000a80425fb"]
    assert "permission denied" in lines[1].lower() or "permitted" in lines[1].lower()


def test_a_run_that_takes_too_much_memory_is_killed(ran: Callable[..., Ran]) -> None:
    take = "python3 -c \"x = b'x' * 900_000_000\"; echo $?"
    done = ran(take)
    assert "137" in done.stdout
    assert 0 < done.peak <= 750_000_000


def wrong(change: Callable[[dict[str, object]], object]) -> list[str]:
    results = json.loads(RESULTS)
    change(results)
    return troubles(json.dumps(results).encode(), points=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: told.update(score=2), "add up to"),
        (lambda told: told.update(score=float("nan")), "NaN"),
        (lambda told: told.update(output=["a"]), "output"),
        (lambda told: told.update(output="x" * 100_001), "output"),
        (lambda told: told.update(outptu=""), "outptu"),
        (lambda told: told.pop("score"), "score"),
        (lambda told: told["tests"][0].update(number=1), "number"),
        (lambda told: told["tests"][0].update(max_score=2), "more than"),
        (lambda told: told["tests"][0].update(max_score=0.5), "less than"),
        (lambda told: told["tests"][0].pop("max_score"), "max_score"),
        (lambda told: told["tests"][0].update(visibility="never"), "visibility"),
        (lambda told: told["tests"][0].update(output="<p>"), "not closed"),
        (lambda told: told["tests"][0].update(output="<p onclick=x>y</p>"), "onclick"),
        (lambda told: told["tests"][0].update(output="<script>x</script>"), "script"),
        (lambda told: told["tests"].append(dict(told["tests"][0], number="0", score=0, max_score=0)), "sort"),
    ],
)
def test_the_schema_finds_what_gradescope_would_not_take(
    change: Callable[[dict[str, object]], object], words: str
) -> None:
    assert words in " ".join(wrong(change))


def test_the_schema_takes_sound_results() -> None:
    assert troubles(RESULTS.encode(), points=1) == []
