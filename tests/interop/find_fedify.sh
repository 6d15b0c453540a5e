#!/bin/sh
# Some live tests speak with a server made of Fedify and an app made of masto.js, which need Node.js. Where Debian's packages may be used, install that.
cd "$(dirname "$0")" || exit 1
is_there() { command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; }
if ! is_there && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Node.js for the tests with Fedify and masto.js …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm; } \
        >/dev/null 2>&1
fi
if ! is_there; then
    echo "The tests with Fedify and masto.js are left out: they need Node.js 20 or newer, and npm." >&2
    exit 0
fi
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ -n "$(find package-lock.json -newer "$installed")" ]; then
    # Both ask for Node.js 22; what is used of them here runs on 20, too.
    npm ci --silent --ignore-scripts >/dev/null 2>&1 && touch "$installed" ||
        echo "The tests with Fedify and masto.js are left out: npm ci failed in tests/interop." >&2
fi
exit 0
