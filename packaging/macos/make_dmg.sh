#!/bin/sh
# Packs Sightline.app into a disk image:  make_dmg.sh APP IMAGE
#
# Without more, the image holds the app as it was frozen (signed for this one computer only): other computers
# open it only after its user allowed that under System Settings, Privacy & Security. For everyone's:
#   SIGHTLINE_SIGN_IDENTITY   "Developer ID Application: NAME (TEAM)" in the keychain; freezing uses it too
#   SIGHTLINE_NOTARY_PROFILE  name of the credentials that 'xcrun notarytool store-credentials' saved
set -eu

if [ $# -ne 2 ]; then
    echo "usage: make_dmg.sh APP IMAGE" >&2
    exit 2
fi
app=$1
image=$2
identity=${SIGHTLINE_SIGN_IDENTITY:-}
profile=${SIGHTLINE_NOTARY_PROFILE:-}

if [ -n "$profile" ] && [ -z "$identity" ]; then
    echo "Apple notarises signed apps only: set SIGHTLINE_SIGN_IDENTITY beside SIGHTLINE_NOTARY_PROFILE." >&2
    exit 2
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/sightline-dmg.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Waits for Apple's answer. Without the ticket, stapling fails and ends this script, whatever the answer was.
notarise() {
    xcrun notarytool submit "$1" --keychain-profile "$profile" --wait
}

codesign --verify --deep --strict "$app"
if [ -n "$profile" ]; then
    # The app first, so that a copy of it starts without the network too.
    ditto -c -k --keepParent "$app" "$work/Sightline.zip"
    notarise "$work/Sightline.zip"
    xcrun stapler staple "$app"
fi

mkdir "$work/image"
ditto "$app" "$work/image/Sightline.app"
ln -s /Applications "$work/image/Applications"
rm -f "$image"
# ULMO: compressed with LZMA, read by macOS 10.15 and newer.
hdiutil create -quiet -volname Sightline -srcfolder "$work/image" -fs HFS+ -format ULMO "$image"

if [ -n "$identity" ]; then
    codesign --sign "$identity" --timestamp "$image"
fi
if [ -n "$profile" ]; then
    notarise "$image"
    xcrun stapler staple "$image"
    spctl --assess --type open --context context:primary-signature "$image"
    spctl --assess --type execute "$app"
fi
hdiutil verify -quiet "$image"
