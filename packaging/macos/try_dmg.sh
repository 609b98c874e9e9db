#!/bin/sh
# Copies the app out of a disk image, as a person would drag it, and lets it test itself:  try_dmg.sh IMAGE
set -eu

if [ $# -ne 1 ]; then
    echo "usage: try_dmg.sh IMAGE" >&2
    exit 2
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/sightline try.XXXXXX")
trap 'hdiutil detach -quiet "$work/image" || true; rm -rf "$work"' EXIT
mkdir "$work/image"
hdiutil attach -quiet -nobrowse -readonly -mountpoint "$work/image" "$1"
test "$(readlink "$work/image/Applications")" = /Applications
ditto "$work/image/Sightline.app" "$work/Sightline.app"
plutil -lint "$work/Sightline.app/Contents/Info.plist"
codesign --verify --deep --strict "$work/Sightline.app"
"$work/Sightline.app/Contents/MacOS/sightline" doctor --self-test
