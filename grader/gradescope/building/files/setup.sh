#!/usr/bin/env bash
# Builds the container that a homework is graded in: Gradescope runs it once, as root, when the autograder is updated.
#
# It makes a Python environment of its own in /opt/deep-learning-grader and leaves the system's Python alone, on which Gradescope's own
# programs run. At its end a model answer is graded. If anything fails, the build fails, and the last lines say what to do.
set -euo pipefail
umask 022
unset PYTHONHOME PYTHONPATH

source="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
prefix="${DEEP_LEARNING_GRADER_PREFIX:-/opt/deep-learning-grader}" # the variable is for tests
python=""

# --- What whoever reads the log of the build is told ---

step="looking at the archive"
remedy="Build the archive again with: grader gradescope build"

begin() {
    step="$1" remedy="$2"
    printf '\n=== %s (%s s)\n' "$step" "$SECONDS"
}

ending() {
    local code=$?
    [[ $code == 0 ]] && return
    echo >&2
    printf '%s\n' \
        "==================== THE AUTOGRADER WAS NOT BUILT ====================" \
        "What failed: $step. The lines above say why." \
        "What to do:  $remedy" \
        "Until then nothing can be graded. No submission is lost: after the next build, use Regrade All Submissions." >&2
    exit "$code"
}
trap ending EXIT

# Runs a command again where it fails, for the network does now and then.
persistently() {
    local pause
    for pause in 5 20; do
        "$@" && return
        echo "That failed. Once more in $pause seconds."
        sleep "$pause"
    done
    "$@"
}

# --- Python ---

# Whether a Python has the right version, can make environments, and is where every user may read it, which kernels have to.
usable() {
    "$1" -I -c '
import ensurepip, pathlib, sys, venv
base = pathlib.Path(sys.base_prefix).resolve()
fits = (3, 11) <= sys.version_info[:2] <= (3, 14) and sys.implementation.name == "cpython"
sys.exit(not (fits and all(place.stat().st_mode & 1 for place in (base, *base.parents))))' >/dev/null 2>&1
}

versions=(3.14 3.13 3.12 3.11)
if [[ -f $source/pythons.txt ]]; then # the wheels in the archive are for these only
    mapfile -t versions <"$source/pythons.txt"
fi

find_python() {
    local version candidate
    for version in "${versions[@]}"; do
        while read -r candidate; do
            if usable "$candidate"; then
                python="$candidate"
                return
            fi
        done < <(type -aP "python$version" || true)
    done
    return 1
}

# Beside the system's own. Which versions there are is the distribution's choice.
install_python() {
    local version
    if command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        persistently apt-get update || return 1
        for version in "${versions[@]}"; do
            if apt-get install -y --no-install-recommends "python$version" "python$version-venv" && find_python; then return; fi
        done
    elif command -v dnf >/dev/null; then
        for version in "${versions[@]}"; do
            if dnf install -y --setopt=install_weak_deps=False "python$version" && find_python; then return; fi
        done
    fi
    return 1
}

begin "finding a Python (${versions[*]})" \
    "Choose another base image in Configure Autograder: Ubuntu 24.04, Ubuntu 22.04 or a current Fedora. They have, or can install, one of Python ${versions[*]}."
find_python || install_python
echo "$python is $("$python" -I -c 'import sys; print(sys.version)')"

# --- Packages ---

network="Mostly it is the network: build again (Update Autograder). If that does not help, put the packages into the archive: grader gradescope build --wheels."
begin "making the environment $prefix" "Choose another base image in Configure Autograder, such as Ubuntu 24.04."
rm -rf -- "${prefix:?}"
"$python" -I -m venv "$prefix"
pip=("$prefix/bin/python" -I -m pip --disable-pip-version-check install --only-binary :all: --no-cache-dir
    --retries 10 --timeout 60 --progress-bar off)
if [[ -d $source/wheels ]]; then
    network="The wheels in the archive do not fit this image. Get them with the Python and the processor that are named above, and build the archive again."
    pip+=(--no-index --find-links "$source/wheels")
fi

begin "installing the pinned packages of the grader" "$network"
persistently "${pip[@]}" --require-hashes -r "$source/requirements.txt"
if [[ -s $source/packages.txt ]]; then
    begin "installing what notebooks may import besides" "$network Otherwise packages or index of this homework in homeworks.toml is wrong."
    persistently "${pip[@]}" -c "$source/constraints.txt" -r "$source/packages.txt"
fi

# --- The grader ---

begin "installing the grader" "Build the archive again with: grader gradescope build"
packages="$("$prefix/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
cp -R -- "$source/grader" "$packages/grader"
# Whatever becomes of the times of the files when the image is kept.
"$prefix/bin/python" -I -m compileall -q --invalidation-mode unchecked-hash "$packages/grader"
chmod -R u=rwX,go=rX -- "$prefix"
chmod -R go= -- "$source" # the answers are in there
if [[ $EUID == 0 ]]; then
    chown -R 0:0 -- "$prefix" "$source"
fi

begin "grading a model answer" "Send these lines to whoever looks after the grader. A larger container or another base image may help where memory or isolation is named."
"$prefix/bin/python" -I -m grader.gradescope.inside.self_test "$(dirname "$source")"
printf '\n=== The autograder is ready (%s s)\n' "$SECONDS"
