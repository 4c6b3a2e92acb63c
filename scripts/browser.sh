#!/bin/sh
# Install Debian's Chromium for the browser tests where it is missing and can be had.
#
# Needs root and apt-get; anywhere else, and wherever it fails, the browser tests are skipped by
# name. Never fails, and says nothing unless it installs something. VELFAERD_NO_BROWSER=1 leaves
# everything as it is.
for name in "${VELFAERD_CHROMIUM:-}" chromium chromium-browser; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -z "${VELFAERD_NO_BROWSER:-}" ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
grep -qi '^ID=debian' /etc/os-release 2>/dev/null || exit 0

printf '%s\n' "Installing Chromium for the browser tests, once." >&2
export DEBIAN_FRONTEND=noninteractive
quietly() { timeout 300 "$@" >/dev/null 2>&1; }
quietly apt-get install -y --no-install-recommends chromium ||
    { quietly apt-get update && quietly apt-get install -y --no-install-recommends chromium; } ||
    printf '%s\n' "Chromium could not be installed; the browser tests are skipped." >&2
exit 0
