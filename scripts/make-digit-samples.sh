#!/usr/bin/env bash
# Makes the pictures of single digits in samples/classification/: free fonts that were drawn after people's
# hands, on paper of different colours and sizes.
#
#   scripts/make-digit-samples.sh [OUT_DIR]      (default: samples/classification)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../samples/classification}
"$here/bootstrap.sh" samples
mkdir -p "$out"
export MAGICK_THREAD_LIMIT=1

# draw DIGIT FONT WIDTHxHEIGHT PAPER INK DEGREES: a digit somewhere on a sheet of this size.
draw() {
  convert -size "$3" "xc:$4" -font "/usr/share/fonts/$2" -pointsize 90 -fill "$5" -gravity center \
    -stroke "$5" -strokewidth 2 -annotate "$6x$6+7-4" "$1" -blur 0x0.8 -colorspace Gray -depth 8 \
    -strip "$out/digit-$1.png"
}

draw 2 truetype/breip/Breip.ttf 180x150 white black 4
draw 3 truetype/sjfonts/SteveHand.ttf 160x160 '#e8e4d8' '#203050' -6
draw 5 truetype/rufscript/Rufscript010.ttf 200x140 '#202020' '#f0f0f0' 0
draw 8 truetype/sjfonts/Delphine.ttf 150x170 '#f4f0e0' '#404040' 5
