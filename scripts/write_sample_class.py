"""Writes submissions/: for each homework a class of made-up students, each with a sheet that shows something.

Every notebook starts from the one that `grader release` gives, with its answer cells filled in as a student would. What is
expected of each stands in submissions/<homework>/expected.toml, written by hand. Run this again after a statement has changed:

    python -m scripts.write_sample_class
"""

import json

from scripts.sample_class import cnn_sizes, design, networks
from scripts.sample_class.notebooks import ROOT

CLASSES = ROOT / "submissions"
# What a browser saves when it is asked for a notebook behind a login.
LOGIN = (
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in to see hw5.ipynb</body></html>\n"
)


def main() -> None:
    """Write every notebook of the classes."""
    for homework in (cnn_sizes, networks, design):
        folder = CLASSES / homework.HOMEWORK
        folder.mkdir(exist_ok=True)
        for student, nb in homework.sheets().items():
            text = json.dumps(nb, indent=1, ensure_ascii=False)
            (folder / f"{student}.ipynb").write_text(f"{text}\n", encoding="utf-8")
    (CLASSES / networks.HOMEWORK / "petra.ipynb").write_text(LOGIN, encoding="utf-8")


if __name__ == "__main__":
    main()
