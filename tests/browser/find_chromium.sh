#!/bin/sh
# The browser tests drive the system's Chromium, and for most of them its part for pages alone, with which they take half as
# long. Where one is missing and Debian's packages may be used, install it.
found() { for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return; done; return 1; }
chromium() { found chromium chromium-browser google-chrome; }

chromium && found chromium-headless-shell && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests …"
    apt-get update -qq >/dev/null 2>&1
    chromium || apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1
    apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1
fi
chromium && exit 0
echo "The browser tests need Chromium. On Debian: apt-get install chromium; elsewhere put chromium into PATH." >&2
exit 1
