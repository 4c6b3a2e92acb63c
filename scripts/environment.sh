#!/bin/sh
# Set up the virtual environment from the lock; do nothing where it is up to date.
#
#   scripts/environment.sh VENV [PYTHON]
#   scripts/environment.sh --find PYTHON     only print the path of that interpreter, if it runs
#
# PYTHON is a name or a path; without it an environment that is there keeps its interpreter,
# and a new one takes the first Python found. The file VENV/.ready records the place, the
# interpreter and the pinned files that the environment was made from.
set -eu
cd "$(dirname "$0")/.."
venv=$1
asked=${2:-}
lowest=3.11
unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIREMENT PIP_CONSTRAINT || true

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# Print "PATH VERSION" of the base interpreter behind $1, or fail: a name may exist and not run.
probe() {
    "$1" -c '
import os, sys
base = getattr(sys, "_base_executable", "") or sys.executable
print(os.path.realpath(base), ".".join(map(str, sys.version_info[:3])))' 2>/dev/null
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
complete() { "$1" -c 'import ensurepip, venv, ssl, ctypes, sqlite3' 2>/dev/null; }

# A shim of pyenv runs only versions that are switched on; look behind it.
behind_shim() {
    command -v pyenv >/dev/null 2>&1 || return 1
    for path in "$(pyenv root)/versions/${1#python}".*/bin/python; do
        [ -x "$path" ] && probe "$path" && return 0
    done
    return 1
}

find_python() {
    if [ -n "$asked" ]; then
        found=$(probe "$asked" || behind_shim "$asked") ||
            stop "PYTHON: '$asked' does not run; give a Python of at least $lowest, by name or by path"
        path=${found% *}
        new_enough "$path" ||
            stop "PYTHON: '$asked' is Python ${found##* }; at least $lowest is needed"
        complete "$path" ||
            stop "PYTHON: '$asked' lacks venv, ensurepip or another part of the standard library" \
                "(on Debian and Ubuntu: install python3-venv)"
        return 0
    fi
    lacking=
    for name in python3 python3.13 python3.12 python3.11 python; do
        for found in "$(probe "$name")" "$(behind_shim "$name")"; do
            path=${found% *}
            [ -n "$found" ] && new_enough "$path" || continue
            complete "$path" && return 0
            lacking="$lacking $path"
        done
    done
    [ -z "$lacking" ] ||
        stop "found$lacking, but without venv or ensurepip" \
            "(on Debian and Ubuntu: install python3-venv); or name another with PYTHON=..."
    stop "no Python of at least $lowest was found; install one, or name it: make setup PYTHON=/path/to/python3"
}

lock_for() {
    case $1 in
        3.11.*) echo requirements/lock-py311.txt ;;
        *) echo requirements/lock-py312.txt ;;
    esac
}

wanted() { # place, interpreter, pinned files
    printf '%s\n' "$(pwd -P) $venv" "$found"
    cksum "$(lock_for "${found##* }")" pyproject.toml
}

if [ "$venv" = --find ]; then
    found=$(probe "$asked" || behind_shim "$asked") && echo "${found% *}"
    exit
fi

# Two makes at once must not build the same environment.
if [ -z "${VELFAERD_SETUP_HELD:-}" ] && command -v flock >/dev/null 2>&1; then
    VELFAERD_SETUP_HELD=1 exec flock "$venv.lock" sh scripts/environment.sh "$venv" "$asked"
fi

ready=$venv/.ready
found=
if [ -z "$asked" ] && [ -f "$ready" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    found=$(sed -n 2p "$ready")
else
    find_python
fi
if [ -f "$ready" ] && [ "$(cat "$ready")" = "$(wanted)" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

lock=$(lock_for "${found##* }")
if [ ! -f "$ready" ] || [ "$(sed -n 1,2p "$ready")" != "$(wanted | sed -n 1,2p)" ]; then
    say "Setting up $venv with Python ${found##* }: $(grep -c == "$lock") pinned packages, one to five minutes, once."
    rm -f "$ready"
    "${found% *}" -m venv --clear "$venv"
else
    say "Bringing $venv up to date with $lock and pyproject.toml."
    rm -f "$ready"
fi
python=$venv/bin/python
PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_DISABLE_PIP_VERSION_CHECK
"$python" -m pip install -qq --no-compile --requirement "$lock"
"$python" -m pip install -qq --no-compile --no-deps --no-build-isolation --editable .
"$python" -m pip check >/dev/null || { "$python" -m pip check >&2; exit 1; }
# Without compiled files every import takes three times as long, and a user's settings may
# keep Python from writing them later. Some packages carry files that do not compile.
"$python" -m compileall -qq -j 0 "$venv/lib" src >/dev/null 2>&1 || true
wanted >"$ready"
say "$venv is ready."
