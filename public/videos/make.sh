#!/usr/bin/env bash
# Makes the starter videos from their scenarios: make.sh [SLUG …]; without a slug, all of them.
# Reads SLUG.toml, voice.toml, slides.css, symbols.svg; writes beside them
#   SLUG-720.mp4  SLUG-360.mp4  SLUG.vtt  SLUG.jpg
# Installs nothing. CHROMIUM names another browser; KEEP a folder for the single pictures.
set -euo pipefail
cd "$(dirname "$0")"

limit=1048576           # bytes a video may have
poster_limit=60000      # bytes a poster may have
voice=cmn-latn-pinyin   # plain "cmn" of espeak-ng 1.51 spells the pinyin out as English letters
speed=198
rate=12                 # pictures a second: only fades move

chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
missing=()
command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || missing+=(ffmpeg)
command -v espeak-ng >/dev/null || missing+=(espeak-ng)
command -v python3 >/dev/null || missing+=(python3)
[[ -n $chromium ]] || missing+=(chromium)
fc-list 2>/dev/null | grep 'Noto Serif CJK SC' >/dev/null && fc-list | grep 'Noto Sans CJK SC' >/dev/null || missing+=(fonts-noto-cjk fontconfig)
if ((${#missing[@]})); then
  echo "make.sh: missing; run: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
python3 -c 'import tomllib' 2>/dev/null || { echo "make.sh: needs Python 3.11 or newer" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make_one() {
  local slug=$1 dir=$work/$1 n=0 number words
  mkdir -p "$dir/home"
  python3 slides.py check "$slug"

  # voice, one file a caption
  python3 slides.py lines "$slug" >"$dir/lines"
  while IFS=$'\t' read -r number words; do
    espeak-ng -v "$voice" -s "$speed" -p 42 -w "$dir/raw.wav" -- "$words"
    # cut the silence around the words, so that captions are exact
    ffmpeg -nostdin -v error -y -i "$dir/raw.wav" \
      -af "silenceremove=start_periods=1:start_threshold=-50dB,areverse,silenceremove=start_periods=1:start_threshold=-50dB,areverse" \
      -c:a pcm_s16le "$dir/$number.wav"
    n=$((n + 1))
  done <"$dir/lines"
  python3 slides.py plan "$slug" "$dir"

  # pictures: one tall page, cut into its states
  python3 slides.py html "$slug" "$dir/page.html"
  HOME=$dir/home "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --force-device-scale-factor=1 --force-color-profile=srgb --window-size="1280,$((720 * n))" \
    --screenshot="$dir/page.png" "file://$dir/page.html" 2>"$dir/chromium.log" || { cat "$dir/chromium.log" >&2; exit 1; }
  ffmpeg -nostdin -v error -y -i "$dir/page.png" -vf "untile=1x$n" "$dir/state%02d.png"

  # joined: every picture as an input of its own, then every voice
  local inputs=() i seconds
  for ((i = 1; i <= n; i++)); do inputs+=(-loop 1 -framerate "$rate" -i "$dir/state$(printf %02d "$i").png"); done
  for ((i = 1; i <= n; i++)); do inputs+=(-i "$dir/$(printf %02d "$i").wav"); done
  python3 slides.py filter "$slug" "$dir" >"$dir/filter"
  seconds=$(python3 -c 'import json,sys; print("%.3f" % json.load(open(sys.argv[1]))["seconds"])' "$dir/plan.json")
  local video=(-c:v libx264 -preset slower -tune stillimage -refs 5 -pix_fmt yuv420p -g 180 -r "$rate"
    -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv)
  local rest=(-c:a aac -ac 1 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact
    -metadata:s:a:0 language=zho -movflags +faststart -t "$seconds")
  ffmpeg -nostdin -v error -y "${inputs[@]}" -filter_complex_script "$dir/filter" \
    -map '[big]' -map '[voice1]' "${video[@]}" -profile:v high -level 3.1 -crf 28 -b:a 24k "${rest[@]}" "$slug-720.mp4" \
    -map '[small]' -map '[voice2]' "${video[@]}" -profile:v main -level 3.0 -crf 27 -b:a 20k "${rest[@]}" "$slug-360.mp4"

  # poster: the first picture
  ffmpeg -nostdin -v error -y -i "$dir/state01.png" -map_metadata -1 -fflags +bitexact -flags:v +bitexact -q:v 7 "$slug.jpg"

  local file
  for file in "$slug-720.mp4" "$slug-360.mp4"; do
    (($(stat -c %s "$file") <= limit)) || { echo "make.sh: $file is larger than $limit bytes" >&2; exit 1; }
  done
  (($(stat -c %s "$slug.jpg") <= poster_limit)) || { echo "make.sh: $slug.jpg is larger than $poster_limit bytes" >&2; exit 1; }
  [[ -z ${KEEP:-} ]] || { mkdir -p "$KEEP/$slug"; cp "$dir"/state*.png "$dir"/plan.json "$dir"/lines "$KEEP/$slug/"; }
  echo "$slug: $seconds s, $(stat -c %s "$slug-720.mp4") and $(stat -c %s "$slug-360.mp4") bytes, poster $(stat -c %s "$slug.jpg") bytes"
}

slugs=("$@")
if ((${#slugs[@]} == 0)); then
  for file in case-*.toml; do slugs+=("${file%.toml}"); done
fi
for slug in "${slugs[@]}"; do make_one "$slug"; done
