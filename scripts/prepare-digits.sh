#!/usr/bin/env bash
# Brings together what `digits-en` is trained on.
#
#   scripts/prepare-digits.sh DIR
#
# DIR/fsdd          the Free Spoken Digit Dataset (CC BY-SA 4.0), fetched from its repository unless
#                   it is there already
# DIR/fsdd-*.jsonl  its recordings. As its authors split it, numbers 0 to 4 of every speaker and
#                   digit are for testing; 45 to 49 are held back to choose the best epoch by.
# DIR/synth-digits  the digits spoken by synthetic voices (scripts/synthesize-digits.sh)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
target=${1:?usage: scripts/prepare-digits.sh DIR}
repository=https://github.com/Jakobovski/free-spoken-digit-dataset
words=(zero one two three four five six seven eight nine)

"$here/bootstrap.sh" speech
mkdir -p "$target"
if [ ! -d "$target/fsdd/recordings" ]; then
  echo "fetching $repository" >&2
  git clone --quiet --depth 1 "$repository" "$target/fsdd"
fi

cd "$target"
: >fsdd-train.jsonl
: >fsdd-dev.jsonl
: >fsdd-test.jsonl
for file in fsdd/recordings/*.wav; do
  IFS=_ read -r digit speaker number <<<"$(basename "$file" .wav)"
  case $number in
    [0-4]) manifest=fsdd-test.jsonl ;;
    4[5-9]) manifest=fsdd-dev.jsonl ;;
    *) manifest=fsdd-train.jsonl ;;
  esac
  printf '{"audio_filepath":"%s","duration":%.4f,"text":"%s","speaker":"fsdd-%s"}\n' \
    "$file" "$(soxi -D "$file")" "${words[$digit]}" "$speaker" >>$manifest
done
wc -l fsdd-*.jsonl >&2

cd - >/dev/null
"$here/synthesize-digits.sh" "$target/synth-digits"
