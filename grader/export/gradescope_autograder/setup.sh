#!/usr/bin/env bash
# Runs once, when Gradescope builds the image of this autograder: makes a Python environment of its own with Layerwise in it.
set -euo pipefail

ROOT="${AUTOGRADER_ROOT:-/autograder}"
SOURCE="$ROOT/source"
ENVIRONMENT="$ROOT/layerwise"

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if command -v "$name" > /dev/null &&
            "$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            echo "$name"
            return 0
        fi
    done
    return 1
}

# Gradescope's default image has an older Python, and its own harness needs that one: nothing is replaced, one is put beside it.
if ! PYTHON="$(find_python)"; then
    apt-get update
    apt-get install -y --no-install-recommends python3.11 python3.11-venv || apt-get install -y --no-install-recommends python3 python3-venv
    if ! PYTHON="$(find_python)"; then
        echo "Layerwise needs Python 3.11 or newer, and this base image has none. Choose a newer base image (Ubuntu 24.04)." >&2
        exit 1
    fi
fi

"$PYTHON" -m venv "$ENVIRONMENT"
"$ENVIRONMENT/bin/python" -m pip install --quiet --find-links "$SOURCE/wheels" --requirement "$SOURCE/requirements.txt"

# The hidden side is for the grader alone. Submitted code cannot open files at all; this is for the day that it could.
chmod -R go-rwx "$SOURCE"
find "$ENVIRONMENT" -type d -name default_course -exec chmod -R go-rwx {} +

# What works here may differ from where submissions run, so this informs and decides nothing.
"$ENVIRONMENT/bin/grade" doctor || true
