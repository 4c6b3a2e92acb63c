#!/bin/sh
# Write the lock of one range of Python versions anew: the newest versions that fit together.
#
#   scripts/lock.sh PYTHON
#
# The lock names packages, versions and the digests of their files, never where they come from: pip
# installs no file with another digest.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') in
    3.11) lock=requirements/lock-py311.txt range="Python 3.11" ;;
    *) lock=requirements/lock-py312.txt range="Python 3.12 and newer" ;;
esac
"$python" -m venv "$work/venv"
pip="$work/venv/bin/python -m pip --disable-pip-version-check"
$pip install -qq --no-compile hatchling
$pip install -qq --no-compile ".[dev,analysis,cluster,dashboard,browser,site]"
$pip check
$pip freeze --exclude velfaerd-sim >"$work/versions.in"
"$python" -m venv "$work/tools"
"$work/tools/bin/python" -m pip install -qq --no-compile pip-tools
"$work/tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras \
    --no-header --no-annotate --output-file "$work/versions.txt" "$work/versions.in"
{
    echo "# The whole environment of 'make setup' on $range: the package's dependencies and its dev tools."
    echo "# Written by 'make lock'; do not edit."
    sed '/^--/d; /^$/d' "$work/versions.txt" # without options that say where files come from
} >"$work/lock"
mv "$work/lock" "$lock"
echo "wrote $lock: $(grep -c == "$lock") packages"
