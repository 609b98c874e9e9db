#!/bin/sh
# Takes the pictures of the window in the README: light and dark, with the sample pictures answered.
set -eu
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen:configfile=packaging/offscreen.json
for theme in light dark; do
    .venv/bin/sightline --theme "$theme" --screenshot "docs/screenshot-$theme.png"
done
