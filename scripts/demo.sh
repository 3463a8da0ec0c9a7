#!/usr/bin/env bash
# Reads everything in samples/ with the bundled models and compares it with what is said or written
# there. Succeeds only if every word of every recording and every digit of every stroke file and picture
# is right, every sentence has a translation, and if the share of wrong characters in the lines of handwriting, and on the page, stays below a bound.
#
# SCRIBE names another build of the program, HANDWRITING and PEN_DIGITS other models.
set -euo pipefail

# The highest character error rate of the pictures of handwriting, in per cent.
handwriting_bound=20

cd "$(dirname "$0")/.."
scribe=${SCRIBE:-.build/release/scribe}
handwriting=${HANDWRITING:-handwriting}
pen_digits=${PEN_DIGITS:-pen-digits}
failed=0

# rows FILE KEY: prints `file|text` of each row of a manifest in samples/, KEY being that of the file.
rows() {
  local found
  found=$(sed -n 's/.*"'"$2"'":"\([^"]*\)".*"text":"\([^"]*\)".*/\1|\2/p' "samples/$1")
  if [ -z "$found" ]; then
    echo "demo: no row of samples/$1 could be read" >&2
    exit 1
  fi
  printf '%s\n' "$found"
}

# all_right WHAT MANIFEST KEY COMMAND...: every word of every file of the manifest has to be right.
all_right() {
  local what=$1 manifest=$2 key=$3 right=0 total=0 list file expected read
  shift 3
  list=$(rows "$manifest" "$key")
  while IFS='|' read -r file expected; do
    total=$((total + 1))
    if ! read=$("$scribe" "$@" "samples/$file"); then
      printf '  FAILED  %-24s\n' "$file"
    elif [ "$read" = "$expected" ]; then
      right=$((right + 1))
      printf '  right   %-24s %s\n' "$file" "$read"
    else
      printf '  WRONG   %-24s read "%s", is "%s"\n' "$file" "$read" "$expected"
    fi
  done <<<"$list"
  echo "$right of $total $what are right in every word."
  [ "$right" -eq "$total" ] || failed=1
}

per_cent() { awk -v errors="$1" -v of="$2" 'BEGIN { printf "%.1f", 100 * errors / of }'; }

# compare FILE WRITTEN: reads a picture and prints both texts; adds to `errors` and `characters`.
compare() {
  local read count
  if ! read=$("$scribe" recognize --model "$handwriting" "samples/$1"); then
    failed=1
    read=
  fi
  count=$(LC_ALL=C awk -f scripts/edit-distance.awk "$2" "$read")
  errors=$((errors + ${count% *}))
  characters=$((characters + ${count#* }))
  printf '  CER %5s %%  %s\n' "$(per_cent "${count% *}" "${count#* }")" "$1"
  printf '%s\n' "$2" | sed 's/^/    written  /'
  printf '%s\n' "$read" | sed 's/^/    read     /'
}

# within_bound WHAT: whether the characters compared since they were set to 0 are right often enough.
within_bound() {
  echo "CER of the $1: $(per_cent "$errors" "$characters") %," \
    "$errors of $characters characters; $handwriting_bound % at most."
  [ $((100 * errors)) -le $((handwriting_bound * characters)) ] || failed=1
}

echo "scribe transcribe --model digits-en samples/*"
all_right recordings manifest.jsonl audio_filepath transcribe --model digits-en

echo
echo "scribe recognize --model $handwriting samples/line-*"
errors=0 characters=0
lines=$(rows handwriting.jsonl image_filepath)
while IFS='|' read -r file text; do compare "$file" "$text"; done <<<"$lines"
within_bound "lines of handwriting"

echo
echo "scribe recognize --model $handwriting samples/page-letter.png"
errors=0 characters=0
compare page-letter.png "$(cat samples/page-letter.gt.txt)"
within_bound page

echo
echo "scribe recognize --model $pen_digits samples/digits-*"
all_right "strings of digits" strokes.jsonl file recognize --model "$pen_digits"

echo
echo "scribe classify --model digits-mnist samples/classification/digit-*.png"
right=0 total=0
for file in samples/classification/digit-?.png; do
  total=$((total + 1))
  expected=${file%.png} expected=${expected: -1}
  read -r _ class probability < <("$scribe" classify --model digits-mnist "$file") || class=
  if [ "$class" = "$expected" ]; then
    right=$((right + 1))
    printf '  right   %-44s %s (%s)\n' "$file" "$class" "$probability"
  else
    printf '  WRONG   %-44s read "%s", is "%s"\n' "$file" "$class" "$expected"
  fi
done
echo "$right of $total digits are right."
[ "$right" -eq "$total" ] || failed=1

echo
echo "scribe translate --model en-de samples/captions.en"
if translations=$("$scribe" translate --model en-de samples/captions.en) &&
  [ "$(grep -c . <<<"$translations")" -eq "$(grep -c . samples/captions.en)" ]; then
  paste -d '|' samples/captions.en - <<<"$translations" | sed 's/^/  /; s/|/\n    /'
else
  echo "  FAILED"
  failed=1
fi

exit $failed
