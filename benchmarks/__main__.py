"""All that is measured, one after the other: `make bench`. Fails at the end if anything missed its goal.

Usage: python -m benchmarks [NAME...]
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("reading", "marking", "regrading", "pages", "kernels", "scaling", "gradescope", "selfcheck", "peers")


def main() -> None:
    """Runs each as a program of its own, so that none begins with what another has left."""
    failed = []
    for name in sys.argv[1:] or NAMES:
        print(f"\n=== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, check=False).returncode:
            failed.append(name)
    sys.exit(f"missed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
