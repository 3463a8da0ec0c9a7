#!/usr/bin/env bash
# Installs the system packages that Scribe needs and that this machine lacks.
#
#   scripts/bootstrap.sh [build|speech|samples]
#
# build   what `swift build` links against and what pictures are lettered with (the default)
# speech  the synthesisers and converters behind scripts/synthesize-digits.sh and make-samples.sh
# samples the picture tools and the handwriting fonts behind scripts/make-line-samples.sh
#
# Says what it installs and how. With everything in place it takes milliseconds and prints nothing.
set -euo pipefail

purpose=${1:-build}
apt=()  # Debian and Ubuntu packages that are missing
brew=() # Homebrew formulae that are missing

need() { # Debian package, Homebrew formula or -
  apt+=("$1")
  if [ "$2" != - ]; then brew+=("$2"); fi
}

has_library() { command -v pkg-config >/dev/null && pkg-config --exists "$1"; }
has_font() { [ "$(uname)" = Darwin ] || [ -d /usr/share/fonts/truetype/dejavu ]; }
has_font_package() { [ "$(uname)" = Darwin ] || ls -d /usr/share/fonts/*/"$1" >/dev/null 2>&1; }

case $purpose in
  build)
    command -v pkg-config >/dev/null || need pkg-config pkgconf
    has_library sndfile || need libsndfile1-dev libsndfile
    has_library fftw3f || need libfftw3-dev fftw
    has_library soxr || need libsoxr-dev libsoxr
    has_library cairo || need libcairo2-dev cairo
    has_library libpng || need libpng-dev libpng
    has_library libturbojpeg || need libturbojpeg0-dev jpeg-turbo
    has_library lept || need libleptonica-dev leptonica
    has_library sentencepiece || need libsentencepiece-dev sentencepiece
    has_library libxml-2.0 || need libxml2-dev libxml2
    has_font || need fonts-dejavu-core -
    ;;
  speech)
    command -v espeak-ng >/dev/null || need espeak-ng espeak-ng
    command -v flite >/dev/null || need flite flite
    command -v sox >/dev/null || need sox sox
    command -v ffmpeg >/dev/null || need ffmpeg ffmpeg
    ;;
  samples)
    command -v convert >/dev/null || need imagemagick imagemagick
    command -v python3 >/dev/null || need python3 python
    has_font_package breip || need fonts-breip -
    has_font_package dancingscript || need fonts-dancingscript -
    has_font_package fifthhorseman || need fonts-dkg-handwriting -
    has_font_package kristi || need fonts-kristi -
    has_font_package rufscript || need fonts-rufscript -
    has_font_package sjfonts || need fonts-sjfonts -
    ;;
  *)
    echo "bootstrap: unknown purpose '$purpose'; use build, speech or samples" >&2
    exit 64
    ;;
esac

if [ "$purpose" = build ] && ! command -v swift >/dev/null; then
  echo "bootstrap: no 'swift' on the PATH; install Swift 6.2 or later from https://swift.org/install" >&2
  exit 1
fi

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "bootstrap: run this as root, or install sudo: $*" >&2
    exit 1
  fi
}

install_with_apt() {
  echo "bootstrap: installing with apt-get: ${apt[*]}"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${apt[@]}"
}

if [ ${#apt[@]} -gt 0 ]; then
  if command -v apt-get >/dev/null; then
    install_with_apt
  elif command -v brew >/dev/null; then
    echo "bootstrap: installing with Homebrew: ${brew[*]}"
    brew install "${brew[@]}"
  else
    echo "bootstrap: neither apt-get nor brew is here; install what provides these Debian packages:" >&2
    echo "  ${apt[*]}" >&2
    exit 1
  fi
fi

# MP3 came with libsndfile 1.1 (Debian 12, Ubuntu 24.04).
if [ "$purpose" = build ] && has_library 'sndfile < 1.1'; then
  echo "bootstrap: libsndfile $(pkg-config --modversion sndfile) cannot read MP3; 1.1 and later can" >&2
fi
