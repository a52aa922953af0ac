"""How long a class takes from notebooks to reports: copies of one small notebook, run as `grader grade` runs them.

Usage: python benchmarks/grading.py [NOTEBOOKS] [JOBS]
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "submissions" / "hw5_cnn_sizes"


def main() -> None:
    """Prints seconds per notebook, for answers that are typed and for answers computed with torch."""
    notebooks = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count() or 1  # noqa: PLR2004 - the second argument
    for student, what in (("adaeze", "typed"), ("bruno", "computed with torch")):
        with tempfile.TemporaryDirectory() as folder:
            handed_in = Path(folder) / "in"
            handed_in.mkdir()
            for number in range(notebooks):
                shutil.copy(SAMPLES / f"{student}.ipynb", handed_in / f"{student}-{number}.ipynb")
            command = [sys.executable, "-m", "grader", "grade", str(handed_in), "-o", f"{folder}/out", "-j", str(jobs)]
            started = perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            seconds = perf_counter() - started
        print(f"{notebooks} notebooks, {what}, {jobs} at a time: {seconds:.1f} s, {seconds / notebooks:.2f} s each")


if __name__ == "__main__":
    main()
