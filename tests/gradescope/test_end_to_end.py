"""An archive built, uploaded, and graded with as Gradescope does it: setup.sh once, then a fresh container for each submission."""

import json
from textwrap import dedent
from typing import Any

import pytest

from tests.attacks.attack import notebook_file
from tests.courses import write_course
from tests.gradescope.harness.archives import Autograder, autograder, not_as_in_gradescope
from tests.gradescope.harness.handed_in import metadata
from tests.gradescope.harness.running import Ran, Submission
from tests.gradescope.harness.sizes import MIDDLE

pytestmark = [not_as_in_gradescope, pytest.mark.kernel, pytest.mark.slow]

HOMEWORKS = """
[hw1]
title = "One homework"
problems = ["boxes"]
limits = { seconds_per_cell = 2, seconds_of_grace = 0.5 }
"""
RIGHT = {
    "area": "area = 96",
    "volume": "volume = 64",
    "sizes": 'sizes = {"width": 4, "height": 8}',
    "trail": "trail = [(4, 0), (3, 0), (2, 0)]",
}
ATTACK = """
    import os, re, subprocess, sys
    gained = []
    def attempt(name, action):
        try:
            gained.append(f"{name}: {str(action())[:60]}") if action() else None
        except Exception:
            pass
    def written(path):
        with open(path, "w") as file:
            return file.write('{"score": 1000}')
    attempt("answers", lambda: open("/autograder/source/course/reference/boxes.py").read())
    attempt("archive", lambda: os.listdir("/autograder/source"))
    attempt("metadata", lambda: open("/autograder/submission_metadata.json").read())
    attempt("submission", lambda: os.listdir("/autograder/submission"))
    attempt("results", lambda: written("/autograder/results/results.json"))
    attempt("script", lambda: written("/autograder/run_autograder"))
    attempt("grader", lambda: written(sys.prefix + "/bin/written"))
    attempt("own variables", lambda: [name for name in os.environ if re.search("SUBMI|BASIC|ASSET|TIMEOUT", name)])
    attempt("others' variables", lambda: [
        number for number in os.listdir("/proc") if number.isdigit() and b"made-up" in open(f"/proc/{number}/environ", "rb").read()
    ])
    rewriting = '''
    import os, time
    os.setsid()
    while True:
        try:
            open("/autograder/results/results.json", "w").write('{"score": 1000}')
        except OSError:
            pass
        time.sleep(0.01)
    '''
    subprocess.Popen([sys.executable, "-c", "import textwrap; exec(textwrap.dedent(" + repr(rewriting) + "))"])
    if os.fork() == 0:
        exec(rewriting.replace("\\n    ", "\\n"))
"""


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Autograder:
    folder = tmp_path_factory.mktemp("gradescope")
    course = write_course(folder / "course", homeworks=HOMEWORKS)
    return autograder(course, "hw1", folder, get=False, compiled=False)


def grade(boxes: Autograder, **files: str) -> Ran:
    handed = {name.replace("_", "."): text.encode() for name, text in files.items()}
    ran = boxes.grade(Submission(handed, metadata=metadata(points="5.0"), size=MIDDLE, listen=True))
    assert boxes.troubles(ran) == [], ran.stdout
    return ran


def cells(**changed: str) -> list[str]:
    return [f"# Answer: {part}\n{source}" for part, source in (RIGHT | changed).items()]


def test_right_answers_have_full_points(boxes: Autograder) -> None:
    ran = grade(boxes, hw_ipynb=notebook_file(*cells()))
    assert (ran.status, ran.results["score"]) == (0, 5)
    assert set(ran.outcomes.values()) == {"correct"}
    assert ran.results["extra_data"]["isolation"] in {"A", "A'", "B", "B'"}


def test_a_notebook_from_colab_is_graded(boxes: Autograder) -> None:
    notebook: dict[str, Any] = json.loads(notebook_file("!pip install --quiet nothing\n%matplotlib inline", *cells()))
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] = {"id": "xYz", "colab": {"base_uri": "https://localhost:8080/"}}
    notebook |= {"nbformat_minor": 0, "metadata": {"colab": {"provenance": []}, "accelerator": "GPU"}}
    assert grade(boxes, Copy_of_hw_ipynb=json.dumps(notebook)).results["score"] == 5


def test_an_endless_loop_costs_its_own_part_and_no_more(boxes: Autograder) -> None:
    ran = grade(boxes, hw_ipynb=notebook_file(*cells(volume="while True:\n    pass")))
    assert ran.outcomes == {"area": "correct", "volume": "did-not-run", "sizes": "correct", "trail": "correct"}


def test_a_cell_that_is_no_python_costs_its_own_part_and_wrong_answers_are_told_without_the_right_ones(
    boxes: Autograder,
) -> None:
    ran = grade(boxes, hw_ipynb=notebook_file(*cells(area="area = 80", volume="volume = 63", sizes="sizes = {")))
    assert (ran.outcomes["trail"], ran.outcomes["sizes"]) == ("correct", "did-not-run")
    assert ran.findings["area"] == "lid_forgotten"
    assert "SyntaxError" in ran.told
    assert not {"96", "64", "53.3"} & set(ran.told.split())


def test_who_hands_in_no_notebook_is_told_what_came(boxes: Autograder) -> None:
    ran = grade(boxes, answers_pdf="%PDF-1.4")
    assert ran.results["score"] == 0
    assert "answers.pdf" in ran.told


def test_an_attack_gains_nothing_and_changes_nothing(boxes: Autograder) -> None:
    attack = f"{dedent(ATTACK)}\nraise RuntimeError(f'gained {{gained}}')"
    ran = grade(boxes, hw_ipynb=notebook_file(*cells(area=attack)))
    assert "gained []" in ran.told, ran.told
    assert ran.outcomes == {"area": "did-not-run", "volume": "correct", "sizes": "correct", "trail": "correct"}
    assert "1000" not in json.dumps(ran.results["score"])
