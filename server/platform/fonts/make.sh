#!/usr/bin/env bash
# Makes certificate.otf, the font that certificates are drawn with: Noto Serif CJK SC, of it every character of the
# 通用规范汉字表 (8 105), of GB 2312 and of Big5's first level (names of people and units), letters, figures and signs.
# Needs, on Debian: apt-get install fonts-noto-cjk unicode-data fonttools (or UNIHAN=file and pyftsubset in the path).
set -euo pipefail
cd "$(dirname "$0")"
mappings=${UNIHAN:-/usr/share/unicode/Unihan_OtherMappings.txt.bz2}
font=${FONT:-/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc}
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
bzcat "$mappings" | python3 -c '
import sys
wanted = set(range(0x20, 0x7f)) | set(map(ord, "＊·—–…‘’“”「」『』《》〈〉（）【】〔〕、，。；：？！％～﹏〇○□〓№℃×→￥"))
for line in sys.stdin:
    if "\tkTGH\t" in line:
        wanted.add(int(line.split("\t")[0][2:], 16))
for lead in range(0xb0, 0xf8):
    for trail in range(0xa1, 0xff):
        try: wanted.add(ord(bytes([lead, trail]).decode("gb2312")))
        except UnicodeDecodeError: pass
for lead in range(0xa4, 0xc7):
    for trail in [*range(0x40, 0x7f), *range(0xa1, 0xff)]:
        try: wanted.add(ord(bytes([lead, trail]).decode("big5")))
        except UnicodeDecodeError: pass
print("\n".join(f"U+{c:04X}" for c in sorted(wanted)))
' > "$wanted"
# Face 2 of the collection is simplified Chinese. Hints and layout tables are of no use to outlines.
pyftsubset "$font" --font-number=2 --unicodes-file="$wanted" --output-file=certificate.otf \
  --no-hinting --no-layout-closure --layout-features='' --notdef-outline --name-IDs='*' \
  --drop-tables+=GSUB,GPOS,GDEF,BASE,VORG,vhea,vmtx,DSIG
ls -l certificate.otf
