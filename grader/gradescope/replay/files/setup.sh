#!/usr/bin/env bash
# Nothing is installed: results that were computed elsewhere are handed out by the Python that the image has.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' || {
    echo "This image has no Python 3.8 or newer. Choose Ubuntu 22.04 or newer as the base image of the assignment." >&2
    exit 1
}
python3 -I -c 'import json, pathlib; print(len(json.loads(pathlib.Path("index.json").read_text("utf-8"))["files"]), "results are here")'
chmod -R go= .
