"""How long reading and marking takes, without running any code: the sample class's answers, over and over.

Usage: python benchmarks/marking.py [SUBMISSIONS]
"""

import platform
import sys
from pathlib import Path
from time import perf_counter, process_time

from grader import Answer, Marker, load_course
from grader.kernels.inside import encode

ROOT = Path(__file__).resolve().parent.parent
STAGES = {"conv1": 7, "max pool": 11, "stage 2": 35, "stage 3": 67, "stage 4": 115, "stage 5": 139}
# Right, rounded, mistaken, followed-through, unreadable and blank, as a class hands in.
SHEETS: list[dict[str, object]] = [
    {
        "training_memory": 600394976,
        "largest_batch": 2907,
        "inception_reduced": 163696,
        "after_pool": "n + 8",
        "resnet50": 483,
    },
    {"training_memory": "572.58 MiB", "largest_batch": 3139, "inception_reduced": "160K", "after_pool": "(n+8)x(n+8)"},
    {"training_memory": 301470272, "largest_batch": 3025, "inception_reduced": 163328, "inception_naive": 393216},
    {
        "training_memory": 602000000,
        "largest_batch": 1783,
        "resnet50_stages": STAGES,
        "resnet50": 139,
        "after_pool": "2n+7",
    },
    {"training_memory": "1,5 GB", "largest_batch": 77, "resnet50": 142, "two_convolutions": 10, "after_pool": "n+9"},
]


def main() -> None:
    """Prints the time per submission, once for the first of each kind and once for the rest."""
    submissions = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    homework = load_course(ROOT).homework("hw5")
    markers = [Marker(problem) for problem in homework.problems]
    recorded = [{name: Answer(variable=name, data=encode(value)) for name, value in sheet.items()} for sheet in SHEETS]
    started = perf_counter()
    for answers in recorded:
        for marker in markers:
            marker.mark(answers)
    first = perf_counter() - started
    started, cpu = perf_counter(), process_time()
    for number in range(submissions):
        for marker in markers:
            marker.mark(recorded[number % len(recorded)])
    wall, cpu = perf_counter() - started, process_time() - cpu
    parts = len(homework.asked)
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print(f"hypotheses solved for the first {len(recorded)} submissions: {first:.2f} s")
    print(
        f"{submissions} submissions of {parts} parts: {wall:.2f} s wall, {cpu:.2f} s CPU, {1e3 * wall / submissions:.2f} ms each"
    )


if __name__ == "__main__":
    main()
