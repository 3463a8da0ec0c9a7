# Counts the characters that differ between two texts: prints the edit distance and the length of the
# first one, in UTF-8 characters. Runs of white space count as one space.
#
#   LC_ALL=C awk -f scripts/edit-distance.awk WRITTEN READ

# Fills `characters` with those of `text`, and returns how many there are. Bytes 0x80...0xBF go on with
# the character before them.
function split_text(text, characters, i, count, byte) {
  gsub(/[ \t\r\n]+/, " ", text)
  sub(/^ /, "", text)
  sub(/ $/, "", text)
  count = 0
  for (i = 1; i <= length(text); i++) {
    byte = substr(text, i, 1)
    if (count > 0 && byte ~ /[\200-\277]/) characters[count] = characters[count] byte
    else characters[++count] = byte
  }
  return count
}

function smallest(a, b, c) {
  if (b < a) a = b
  return c < a ? c : a
}

BEGIN {
  rows = split_text(ARGV[1], written)
  columns = split_text(ARGV[2], read)
  for (j = 0; j <= columns; j++) above[j] = j
  for (i = 1; i <= rows; i++) {
    corner = above[0]
    above[0] = i
    for (j = 1; j <= columns; j++) {
      next_corner = above[j]
      above[j] = smallest(above[j] + 1, above[j - 1] + 1, corner + (written[i] != read[j]))
      corner = next_corner
    }
  }
  print above[columns], rows
}
