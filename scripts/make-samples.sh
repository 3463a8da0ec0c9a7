#!/usr/bin/env bash
# Makes the recordings in samples/: synthetic voices that speak strings of digits, in the formats,
# sample rates, depths and channel counts that people have on their disks.
#
#   scripts/make-samples.sh [OUT_DIR]      (default: samples)
#
# The same versions of espeak-ng, flite, sox and ffmpeg write the same bytes.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../samples}
"$here/bootstrap.sh" speech

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
: >"$out/manifest.jsonl"

say_espeak() { espeak-ng -v "$1" -s "$2" -w "$work/raw.wav" "$3"; }
say_flite() { flite -voice "$1" --setf duration_stretch="$2" -t "$3" -o "$work/raw.wav"; }

# Writes one row of the manifest. The text is what was spoken, without its punctuation.
row() { # file speaker spoken
  local length text
  length=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$out/$1")
  text=$(printf '%s' "$3" | tr -d '.,')
  printf '{"audio_filepath":"%s","duration":%.3f,"text":"%s","speaker":"%s"}\n' \
    "$1" "$length" "$text" "$2" >>"$out/manifest.jsonl"
}

# sample FILE ENGINE VOICE PACE "TEXT" [sox effects...] -- [sox output options...]
# speaks TEXT, applies the effects and encodes FILE: sox writes the lossless formats, ffmpeg the
# others. Half a second or so of silence stands around the speech, as in a real recording.
sample() {
  local file=$1 engine=$2 voice=$3 pace=$4 spoken=$5
  shift 5
  local effects=()
  while [ "$1" != -- ]; do
    effects+=("$1")
    shift
  done
  shift
  "say_$engine" "$voice" "$pace" "$spoken"
  case $file in
    *.mp3 | *.ogg | *.opus)
      sox -D "$work/raw.wav" -b 16 "$work/clean.wav" gain -n -3 pad 0.25 0.35 "${effects[@]}"
      ffmpeg -v error -y -i "$work/clean.wav" -map_metadata -1 -fflags +bitexact \
        -flags:a +bitexact "$@" "$out/$file"
      ;;
    *)
      # With a comment an AIFF file holds the time at which it was written.
      sox -D "$work/raw.wav" --comment "" "$@" "$out/$file" gain -n -3 pad 0.25 0.35 "${effects[@]}"
      ;;
  esac
  row "$file" "$engine-$voice" "$spoken"
}

# Voices that `digits-en` was trained on.
sample mono-16k-16bit.wav espeak en-us+m3 150 "four, two, seven." -- -r 16000 -b 16 -c 1
sample telephone-8k-ulaw.wav flite kal 1.0 "eight, zero, zero, five." -- -r 8000 -e mu-law -c 1
sample mono-44k-24bit.wav flite slt 1.0 "nine, one, one." -- -r 44100 -b 24 -c 1
sample mono-22k-8bit.wav espeak en-gb-x-rp+f5 150 "three, six, zero, two." -- \
  -r 22050 -b 8 -e unsigned -c 1
sample stereo-48k-24bit.flac flite awb 1.0 "seven, three, eight." -- -r 48000 -b 24 -c 2
sample mono-32k.aiff espeak en-029+klatt3 140 "one, nine, four." -- -r 32000 -b 16 -c 1

# Voices that it never heard.
sample mono-48k-float.wav espeak en-us-nyc+Hugo 150 "two, four, six." -- -r 48000 -e float -b 32 -c 1
sample mono-16k.flac flite rms 1.0 "six, one, eight, zero, three." -- -r 16000 -b 16 -c 1
sample stereo-44k-vorbis.ogg espeak en-gb-x-gbcwmd+f4 150 "five, five, one, two." channels 2 -- \
  -ar 44100 -c:a libvorbis -q:a 4
sample mono-48k.opus flite rms 1.1 "zero, seven, nine, four." -- -ar 48000 -c:a libopus -b:a 24k
sample mono-22k.mp3 espeak en+victor 160 "one, two, three, four, five." -- \
  -ar 22050 -c:a libmp3lame -b:a 48k
sample stereo-44k.mp3 espeak en-us+f4 150 "eight, six, nine." channels 2 -- \
  -ar 44100 -c:a libmp3lame -b:a 64k
sample left-only-16k.wav espeak en+steph 150 "three, zero, seven." remix 1 0 -- -r 16000 -b 16
sample mono-11k.au espeak en-gb-x-gbcwmd+m7 150 "four, four, nine, zero." -- -r 11025 -b 16 -c 1

# A voice that it never heard, in a room with a humming machine: pink noise 20 dB below the peak.
espeak-ng -v en-us-nyc+Hugo -s 150 -w "$work/speech.wav" "two, eight, five, one."
sox -D "$work/speech.wav" -r 16000 "$work/loud.wav" gain -n -6 pad 0.4 0.5
sox -D -R "$work/loud.wav" "$work/noise.wav" synth pinknoise gain -n -26
sox -D -m -v 1 "$work/loud.wav" -v 1 "$work/noise.wav" -b 16 "$out/noisy-16k.wav"
row noisy-16k.wav espeak-en-us-nyc+Hugo "two, eight, five, one."

echo "wrote $(wc -l <"$out/manifest.jsonl") recordings, $(du -sk "$out" | cut -f1) KB, to $out" >&2
