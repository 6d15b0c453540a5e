#!/bin/sh
# The browser tests drive the system's Chromium, and for most of them its part for pages alone, with which they take half as
# long. Where one is missing and Debian's packages may be used, install it.
has_one_of() { for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return; done; return 1; }
has_whole() { has_one_of chromium chromium-browser google-chrome; }
has_pages_alone() { has_one_of chromium-headless-shell; }
install() { apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1; }

has_whole && has_pages_alone && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests …"
    apt-get update -qq >/dev/null 2>&1
    has_whole || install chromium
    has_pages_alone || install chromium-headless-shell
fi
has_whole && exit 0
echo "The browser tests need Chromium. On Debian: apt-get install chromium; elsewhere put chromium into PATH." >&2
exit 1
