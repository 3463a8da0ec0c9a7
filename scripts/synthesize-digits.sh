#!/usr/bin/env bash
# Speaks the ten digits with many voices of espeak-ng and flite, for training `digits-en`.
#
#   scripts/synthesize-digits.sh OUT_DIR
#
# Writes OUT_DIR/audio/**.flac (16 kHz, mono, 16 bit, silence trimmed) and two NeMo manifests,
# train.jsonl and dev.jsonl, whose union is manifest.jsonl. No voice of dev.jsonl, and none of its
# espeak-ng variants, occurs in train.jsonl, so dev.jsonl measures unseen voices.
#
# The same programs give the same files: nothing is drawn at random. Speeds and pitches cycle
# through short tables whose lengths have no common factor with one another's, so that neighbouring
# voices differ in both.
set -euo pipefail

out=${1:?usage: scripts/synthesize-digits.sh OUT_DIR}
jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN)}

"$(dirname "$0")/bootstrap.sh" speech

digits=(zero one two three four five six seven eight nine)

# Accents of English, and espeak-ng's speaker variants as used for training and for dev. The dev
# accents hold two that training lacks. British English is "en": "en-gb" ignores the variant.
train_accents=(en-us en en-gb-scotland en-gb-x-rp en-gb-x-gbclan en-029)
train_variants=(
  m1 m2 m3 m4 m5 m6 m8 f1 f2 f3 f5 klatt klatt2 klatt3 klatt4 adam Alex Alicia Andy Annie antonio
  aunty belinda benjamin boris david Denis Diogo ed edward Gene Henrique iven Jacky john Lee
  linda max Michael michel miguel Mike norbert pablo paul pedro quincy rob robert sandro
  shelby travis zac grandma grandpa
)
dev_accents=(en-us en en-gb-x-gbcwmd en-us-nyc)
dev_variants=(m7 f4 steph Hugo victor Andrea)

speeds=(120 130 150 170 190)
pitches=(36 44 50 56 64 50 70)

# One line per recording: set, engine, voice, speed or stretch, pitch, digit, punctuation.
# A full stop gives the falling tone of a last digit, a comma the level tone inside a string.
mark() { if (((${1} + ${2}) % 2)); then echo ","; else echo "."; fi; }

plan_espeak() { # set voice index
  local d
  for d in "${!digits[@]}"; do
    echo "$1 espeak $2 ${speeds[$((($3 + d) % 5))]} ${pitches[$(($3 % 7))]} ${digits[d]} $(mark "$3" "$d")"
  done
}

plan_flite() { # set voice index
  local d stretch cents i=$3
  for stretch in 0.85 1.0 1.2; do
    for cents in -140 0 140; do
      for d in "${!digits[@]}"; do
        echo "$1 flite $2 $stretch $cents ${digits[d]} $(mark "$i" "$d")"
      done
      i=$((i + 1))
    done
  done
}

plan() {
  local i=0 k variant accent voice
  for variant in "${train_variants[@]}"; do
    for k in 0 1 2; do # three accents a variant, turning through the list
      plan_espeak train "${train_accents[$(((i + 2 * k + i / 6) % 6))]}+$variant" $((i * 3 + k))
    done
    i=$((i + 1))
  done
  for variant in "${dev_variants[@]}"; do
    for accent in "${dev_accents[@]}"; do
      plan_espeak dev "$accent+$variant" "$i"
      i=$((i + 1))
    done
  done
  for voice in awb kal kal16 slt; do plan_flite train "$voice" "${#voice}"; done
  plan_flite dev rms 0
}

# Speaks one line of the plan and prints its manifest row.
speak() {
  local set=$1 engine=$2 voice=$3 pace=$4 pitch=$5 digit=$6 punctuation=$7
  local speaker=$engine-$voice
  local file=audio/$set/$speaker/${digit}_${pace}_${pitch}.flac
  local raw length shift=()
  mkdir -p "$(dirname "$out/$file")"
  raw=$(mktemp --suffix=.wav)
  if [ "$engine" = espeak ]; then
    espeak-ng -v "$voice" -s "$pace" -p "$pitch" -w "$raw" "$digit$punctuation"
  else
    flite -voice "$voice" --setf duration_stretch="$pace" -t "$digit$punctuation" -o "$raw"
    shift=(pitch "$pitch")
  fi
  # Trimmed at 0.3 % of full scale, which keeps the soft f, s and th, with 20 ms left on each side.
  sox -D "$raw" -r 16000 -b 16 -c 1 "$out/$file" gain -n -3 "${shift[@]}" \
    silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse pad 0.02 0.02 gain -n -3
  rm -f "$raw"
  length=$(soxi -D "$out/$file")
  printf '{"audio_filepath":"%s","duration":%.4f,"text":"%s","speaker":"%s"}\n' \
    "$file" "$length" "$digit" "$speaker"
}
export -f speak
export out

rm -rf "$out/audio/train" "$out/audio/dev"
mkdir -p "$out/audio"
echo "speaking $(plan | wc -l) digits into $out" >&2
plan | xargs -P "$jobs" -L 1 bash -euo pipefail -c 'speak "$@"' speak >"$out/manifest.part"
LC_ALL=C sort "$out/manifest.part" >"$out/manifest.jsonl"
rm "$out/manifest.part"
grep '"audio/train/' "$out/manifest.jsonl" >"$out/train.jsonl"
grep '"audio/dev/' "$out/manifest.jsonl" >"$out/dev.jsonl"

# Nothing too short, too long or silent may pass for a digit.
awk -F'"duration":' '{ split($2, d, ","); if (d[1] < 0.15 || d[1] > 1.6) { print "odd length: " $0; bad = 1 } }
  END { exit bad }' "$out/manifest.jsonl" >&2
echo "wrote $(wc -l <"$out/train.jsonl") rows to train.jsonl, $(wc -l <"$out/dev.jsonl") to dev.jsonl" >&2
