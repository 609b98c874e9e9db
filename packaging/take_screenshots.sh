#!/bin/sh
# Takes the README's pictures of the window: with the sample pictures answered, light and dark, and training.
set -eu
cd "$(dirname "$0")/.."
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export SIGHTLINE_HOME="$home"  # or the pictures would show the models and settings of whoever takes them
export QT_QPA_PLATFORM=offscreen:configfile=packaging/offscreen.json
for theme in light dark; do
    .venv/bin/sightline --theme "$theme" --screenshot "docs/screenshot-$theme.png"
done
PYTHONPATH=. .venv/bin/python packaging/draw_training.py docs/screenshot-train.png
