#!/usr/bin/env bash
# Checks the format of every Swift file, the length of every source file, and that nothing that was
# built or fetched is under version control.
set -euo pipefail

cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
longest=400
failed=0

"$swift" format lint --strict --recursive Package.swift Sources Tests || failed=1

while IFS= read -r file; do
  lines=$(wc -l <"$file")
  if [ "$lines" -gt $longest ]; then
    echo "$file: $lines lines; $longest at most" >&2
    failed=1
  fi
done < <(find Sources Tests -name '*.swift' -o -name '*.c' -o -name '*.h')

if git rev-parse --git-dir >/dev/null 2>&1; then
  tracked=$(git ls-files | grep -E '(^|/)(\.build|\.swiftpm)/|(^|/)Package\.resolved$' || true)
  if [ -n "$tracked" ]; then
    printf 'under version control, and should not be:\n%s\n' "$tracked" >&2
    failed=1
  fi
fi

if [ $failed -eq 0 ]; then echo "lint: clean"; fi
exit $failed
