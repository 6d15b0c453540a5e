#!/bin/sh
# The browser tests drive the system's Chromium. Where there is none and Debian's packages may be used, install it.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests …"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0
fi
echo "The browser tests need Chromium. On Debian: apt-get install chromium; elsewhere put chromium into PATH." >&2
exit 1
