#!/usr/bin/env bash
# Makes the pictures of handwriting in samples/: sentences of our own, set in free fonts that were
# drawn after people's hands, and bent, blotted and laid on paper until they look like scans.
#
#   scripts/make-line-samples.sh [OUT_DIR]      (default: samples)
#
# Every random choice comes from a fixed seed: the same versions of ImageMagick, FreeType and the
# fonts write the same bytes.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../samples}
"$here/bootstrap.sh" samples

# Several threads would draw the noise in another order.
export MAGICK_THREAD_LIMIT=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
: >"$out/handwriting.jsonl"

fonts=/usr/share/fonts
declare -A font=(
  [breip]=$fonts/truetype/breip/Breip.ttf
  [dancing]=$fonts/opentype/dancingscript/DancingScript-Regular.otf
  [delphine]=$fonts/truetype/sjfonts/Delphine.ttf
  [dkg]=$fonts/truetype/fifthhorseman/dkg.ttf
  [kristi]=$fonts/truetype/kristi/Kristi.ttf
  [rufscript]=$fonts/truetype/rufscript/Rufscript010.ttf
  [stevehand]=$fonts/truetype/sjfonts/SteveHand.ttf
)
for name in "${!font[@]}"; do
  if [ ! -f "${font[$name]}" ]; then
    echo "make-line-samples: no font ${font[$name]}; install it from Debian's font packages" >&2
    exit 1
  fi
done

# random LOW HIGH: sets `drawn` to a whole number in LOW...HIGH, from the generator of Park and Miller.
seed() { state=$1; }
random() {
  state=$((state * 16807 % 2147483647))
  drawn=$(($1 + state / 256 % ($2 - $1 + 1)))
}

per_mille() { awk -v n="$1" -v of="$2" 'BEGIN { printf "%.3f", n * of / 1000 }'; }

# write_line FONT SIZE TEXT FILE: black on white, word by word: each has its own size, direction and
# distance, and none stands exactly on the line.
write_line() {
  local size=$2 file=$4 x=$(($2 * 2)) draw=() word word_size width angle
  for word in $3; do
    random -30 30
    word_size=$((size + size * drawn / 1000))
    random -14 14
    angle=$(per_mille "$drawn" 100)
    random -25 25
    draw+=(-pointsize "$word_size" -annotate "${angle}x${angle}+$x+$((size * 2 + size * drawn / 1000))"
      "$word")
    width=$(convert -font "${font[$1]}" -pointsize "$word_size" label:"$word" -format %w info:)
    random 300 420
    x=$((x + width + size * drawn / 1000))
  done
  convert -size "$((x + size))x$((size * 4))" xc:white -fill black -font "${font[$1]}" "${draw[@]}" \
    -colorspace gray -depth 16 "$file"
}

# clouds SEED COARSENESS FILE LIKE: grey noise with spots about so many pixels wide, as large as the
# picture LIKE.
clouds() {
  local size width height
  size=$(convert "$4" -format '%w %h' info:)
  width=${size% *} height=${size#* }
  convert -size "$((width / $2 + 2))x$((height / $2 + 2))" xc:gray50 -seed "$1" -attenuate 1 \
    +noise Random -channel R -separate +channel -filter Mitchell -resize "${width}x$height!" \
    -auto-level -depth 16 "$3"
}

# bend FILE SEED COARSENESS AMOUNT: moves every point by up to AMOUNT pixels, neighbours alike.
bend() {
  clouds "$2" "$3" "$work/dx.png" "$1"
  clouds "$(($2 + 1))" "$3" "$work/dy.png" "$1"
  convert "$1" "$work/dx.png" "$work/dy.png" -virtual-pixel white \
    -define compose:args="$4x$4" -compose displace -composite "$1"
}

# hand FONT SIZE SLOPE SLANT PEN SEED TEXT FILE: the writing as a hand leaves it. SLOPE is the rise of
# the line and SLANT the lean of the letters in thousandths, PEN the radius in pixels that is added
# where it is pressed.
hand() {
  local size=$2 file=$8
  seed "$6"
  write_line "$1" "$size" "$7" "$file"
  convert "$file" -virtual-pixel white -background white +distort AffineProjection \
    "1,$(per_mille "$((-$3))" 1),$(per_mille "$((-$4))" 1),1,0,0" +repage "$file"
  bend "$file" "$(($6 + 11))" "$size" $((size / 14))
  bend "$file" "$(($6 + 23))" $((size / 4)) $((size / 70 + 1))

  # Pressure: a thick and a thin line, each where the clouds have it. Then flow: paler here and there.
  clouds "$(($6 + 37))" $((size / 2)) "$work/pressure.png" "$file"
  convert "$file" -morphology Erode "Disk:$5" -blur 0x0.8 "$work/thick.png"
  convert "$file" "$work/thick.png" "$work/pressure.png" -compose over -composite "$file"
  clouds "$(($6 + 41))" $((size / 3)) "$work/flow.png" "$file"
  convert "$work/flow.png" -evaluate multiply 0.4 "$work/flow.png"
  convert "$file" "$work/flow.png" -compose lighten -composite "$file"
}

# crop FILE HEIGHT: what belongs to the line and a narrow margin, brought to that height.
crop() {
  convert "$1" -bordercolor white -border 1 -fuzz 12% -trim +repage \
    -bordercolor white -border 14x9 -filter Lanczos -resize "x$2" "$1"
}

# on_paper FILE PAPER INK GRAIN SEED [COARSENESS]: the writing in the colour INK on PAPER, with clouds
# and grain.
on_paper() {
  clouds "$5" "${6:-90}" "$work/paper.png" "$1"
  convert "$work/paper.png" +level 86%,100% -seed "$(($5 + 1))" -attenuate "$4" +noise Gaussian \
    -blur 0x0.5 "$work/paper.png"
  convert "$1" -colorspace sRGB -type TrueColor \( -clone 0 -fill "$2" -colorize 100 \) \
    \( -clone 0 -fill "$3" -colorize 100 \) \( -clone 0 -negate \) -delete 0 -composite \
    "$work/paper.png" -compose multiply -composite -blur 0x0.4 "$1"
}

# save FILE TEXT [convert options...]: writes the picture of this line, and its row of the manifest.
save() {
  convert "$work/line.png" "${@:3}" -strip -define png:exclude-chunks=date,time "$out/$1"
  printf '{"image_filepath":"%s","text":"%s"}\n' "$1" "$2" >>"$out/handwriting.jsonl"
}

line() { hand "$@" "$work/line.png"; }

# 8-bit grey, 64 pixels high, as cut lines are handed around: nearly white paper.
text="Nous avons marché jusqu'au vieux moulin."
line breip 110 12 120 2 100 "$text"
crop "$work/line.png" 64
on_paper "$work/line.png" "#f4f4f4" "#202020" 0.05 101
save line-gray.png "$text" -colorspace gray -depth 8

# Blue ink on yellowish paper, as a colour scanner has it.
text="Ma chère tante, merci pour ta longue lettre."
line stevehand 95 -8 0 1.5 200 "$text"
crop "$work/line.png" 150
on_paper "$work/line.png" "#efe3c0" "#27306e" 0.08 201
save line-rgb.png "$text" -depth 8 -define png:color-type=2

# Sixteen colours, a brown ink.
text="The garden was full of apples this year,"
line dkg 100 6 -40 1.5 300 "$text"
crop "$work/line.png" 96
on_paper "$work/line.png" "#f7f0e0" "#5a3a20" 0.1 301
save line-palette.png "$text" +dither -colors 16 -define png:color-type=3

# Black and white, nothing between: a fax, or a scan for a text program.
text="La réunion est remise à jeudi prochain"
line delphine 130 -10 0 2.5 400 "$text"
crop "$work/line.png" 110
on_paper "$work/line.png" "#f0f0f0" "#303030" 0.5 401
save line-bilevel.png "$text" -colorspace gray -threshold 62% -type bilevel -depth 1

# Chalk on a blackboard: light on dark, with the dust of what was wiped off.
text="Please bring a warm coat and good boots."
line rufscript 90 10 60 3 500 "$text"
crop "$work/line.png" 120
clouds 501 3 "$work/crumbs.png" "$work/line.png"
convert "$work/line.png" \( "$work/crumbs.png" -level 35%,75% -evaluate multiply 0.55 \) \
  -compose lighten -composite -negate "$work/line.png"
clouds 502 50 "$work/dust.png" "$work/line.png"
convert "$work/line.png" +level 16%,88% \( "$work/dust.png" -evaluate multiply 0.16 \) \
  -compose plus -composite -seed 503 -attenuate 0.1 +noise Gaussian "$work/line.png"
save line-chalk.png "$text" -colorspace gray -depth 8

# Ink alone, its background transparent, as a drawing program or a tablet saves it.
text="Il reste du pain et un peu de fromage."
line kristi 150 0 0 1.5 600 "$text"
crop "$work/line.png" 128
convert "$work/line.png" -negate -background "#102060" -alpha shape "$work/line.png"
save line-transparent.png "$text" -depth 8 -define png:color-type=6

# 16 bits a pixel, pale: an archive's scanner before anybody has stretched the contrast.
text="We crossed the river before the rain came"
line breip 105 -14 160 2.5 700 "$text"
crop "$work/line.png" 90
on_paper "$work/line.png" "#b8b8b8" "#585858" 0.08 701
save line-16bit.png "$text" -colorspace gray -depth 16 -define png:bit-depth=16

# A telephone's picture: uneven light, out of focus, squeezed into a JPEG.
text="Le train part à huit heures du matin,"
line dancing 100 16 0 2 800 "$text"
crop "$work/line.png" 130
on_paper "$work/line.png" "#e8e4dc" "#1c1c28" 0.2 801
convert "$work/line.png" \( +clone -sparse-color bilinear \
  "0,0 white  %[fx:w],0 gray55  0,%[fx:h] gray80  %[fx:w],%[fx:h] gray45" \) \
  -compose multiply -composite -blur 0x0.8 "$work/line.png"
save line-photo.jpg "$text" -quality 60

# A page: a letter on white paper that lay a little askew on the scanner. Drawn at twice its size.
page=$work/page.png
top=110
convert -size 2620x1320 xc:white -colorspace gray -depth 16 "$page"
: >"$out/page-letter.gt.txt"
while IFS='|' read -r indent slope text; do
  hand stevehand 100 "$slope" 30 2 $((900 + top)) "$text" "$work/line.png"
  convert "$page" "$work/line.png" -geometry "$(printf %+d%+d "$indent" $((top - 140)))" -compose darken -composite "$page"
  printf '%s\n' "$text" >>"$out/page-letter.gt.txt"
  top=$((top + 182))
done <<'LETTER'
0|4|Chers parents,
60|0|Le voyage s'est bien passé. La maison
-70|-3|est petite mais claire, et du balcon
-80|5|on voit tout le port. Hier soir nous
-60|0|avons mangé du poisson grillé.
760|6|Je vous embrasse, Julie
LETTER
convert "$page" -virtual-pixel white -distort ScaleRotateTranslate 1.3 -filter Lanczos -resize 50% \
  "$page"
on_paper "$page" "#f6f3ea" "#26262e" 0.03 951 400
convert "$page" -colorspace gray -depth 8 -strip -define png:exclude-chunks=date,time \
  "$out/page-letter.png"

echo "wrote $(wc -l <"$out/handwriting.jsonl") lines and a page to $out" >&2
