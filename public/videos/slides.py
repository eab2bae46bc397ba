"""Turns one scenario (SLUG.toml) into what make.sh needs; only the standard library.

  slides.py check  SLUG              the quotations against the statutes
  slides.py lines  SLUG              one line a caption: number, a tab, the words for the voice
  slides.py html   SLUG OUT.html     every state of every scene, one below the other
  slides.py plan   SLUG WORK         reads WORK/NN.wav; writes WORK/plan.json and SLUG.vtt
  slides.py filter SLUG WORK         the ffmpeg filter graph that joins the states
"""
import html
import json
import re
import sys
import tomllib
import wave
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAWS = HERE.parent.parent / "server/platform/starter/laws"
FADE = 0.4      # seconds of cross-fade between two states
LEAD = 0.5      # silence before the first word
GAP = 0.3       # silence after a line
REST = 0.45     # more of it after a scene
TAIL = 1.2      # the last picture stands a little longer


def load(slug):
    with open(HERE / f"{slug}.toml", "rb") as f:
        return tomllib.load(f)


def lines(scenario):
    """(scene number, step in the scene, line), in order."""
    for n, scene in enumerate(scenario["scene"]):
        for step, line in enumerate(scene["line"], 1):
            yield n, step, line


def plain(text):
    return re.sub(r"<[^>]+>", "", text)


def check(scenario):
    articles = {}
    for path in LAWS.glob("*.md"):
        text = path.read_text("utf-8")
        law = re.search(r"^# 中华人民共和国(\S+)", text, re.M)
        law = law.group(1) if law else path.stem
        for m in re.finditer(r"^(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?) (.*?)(?=^第\S+条(?:之\S+)? |^#|\Z)", text, re.M | re.S):
            articles[f"{law} {m.group(1)}"] = m.group(2)
    for scene in scenario["scene"]:
        for quote in scene.get("quote", []):
            body = articles.get(quote["from"])
            if body is None:
                sys.exit(f"{quote['from']}: no such article in {LAWS}")
            at = 0
            for part in re.split("……", plain(quote["text"]).rstrip("。；")):
                found = body.find(part, at)
                if found < 0:
                    sys.exit(f"{quote['from']}: the statute does not say 「{part}」")
                at = found + len(part)


def spoken(line):
    with open(HERE / "voice.toml", "rb") as f:
        readings = tomllib.load(f)["reading"]
    words = line.get("say", line["caption"])
    # longest first, so that a phrase wins over the word inside it
    for word in sorted(readings, key=len, reverse=True):
        words = words.replace(word, f" {readings[word]} ")
    return words


def picture(scene, step):
    out = [f'<section class="slide" data-step="{step}">']
    if "art" in scene:
        out.append(f'<svg viewBox="0 0 1280 720">{scene["art"]}</svg>')
    if "title" in scene:
        out.append(f'<div class="title"><p>以案释法</p><h1>{scene["title"]}</h1><i>{scene["under"]}</i></div>')
    else:
        out.append(f'<header><b>{scene["part"]}</b><h2>{scene["heading"]}</h2></header>')
    for quote in scene.get("quote", []):
        out.append(f'<div class="law {quote.get("class", "")}" style="{quote.get("style", "")}"><p>{quote["from"]}</p>'
                   f'<blockquote>{quote["text"]}</blockquote></div>')
    if "note" in scene:
        out.append(f'<div class="note {scene.get("note_class", "s2")}"><span>{scene["note"]}</span></div>')
    return "\n".join(out + ["</section>"])


def page(scenario):
    states = [picture(scenario["scene"][n], step) for n, step, _ in lines(scenario)]
    return ('<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><style>'
            + (HERE / "slides.css").read_text("utf-8") + "</style><body>"
            + (HERE / "symbols.svg").read_text("utf-8") + "\n".join(states) + "</body></html>")


def stamp(seconds):
    ms = round(seconds * 1000)
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def plan(slug, work):
    scenario = load(slug)
    todo = list(lines(scenario))
    at, states, cues = 0.0, [], ["WEBVTT", ""]
    for i, (n, _, line) in enumerate(todo):
        with wave.open(str(work / f"{i + 1:02}.wav")) as w:
            said = w.getnframes() / w.getframerate()
        before = LEAD if i == 0 else 0.0
        after = GAP
        if i + 1 == len(todo):
            after = TAIL
        elif todo[i + 1][0] != n:
            after = GAP + REST
        start = at + before
        cues += [str(i + 1), f"{stamp(start)} --> {stamp(start + said)}", html.escape(line["caption"], quote=False), ""]
        states.append({"start": at, "voice": start, "length": before + said + after})
        at += before + said + after
    (HERE / f"{slug}.vtt").write_text("\n".join(cues), "utf-8")
    (work / "plan.json").write_text(json.dumps({"seconds": at, "states": states}))


def graph(work):
    """Pictures are inputs 0…n-1, voices n…2n-1. A state begins to fade in where its line begins."""
    p = json.loads((work / "plan.json").read_text())
    states, n = p["states"], len(p["states"])
    out, last = [], "v0"
    for i, s in enumerate(states):
        length = s["length"] + (FADE if i + 1 < n else 0)
        out.append(f"[{i}:v]trim=duration={length:.3f},setpts=PTS-STARTPTS,scale=out_color_matrix=bt709:out_range=tv,format=yuv444p[v{i}]")
    for i in range(1, n):
        out.append(f"[{last}][v{i}]xfade=transition=fade:duration={FADE}:offset={states[i]['start']:.3f}[x{i}]")
        last = f"x{i}"
    out.append(f"[{last}]format=yuv420p,split[big][half];[half]scale=640:360:flags=lanczos[small]")
    for i, s in enumerate(states):
        out.append(f"[{n + i}:a]adelay={round(s['voice'] * 1000)}:all=1[a{i}]")
    out.append("".join(f"[a{i}]" for i in range(n))
               + f"amix=inputs={n}:normalize=0,highpass=f=90,lowpass=f=7800,"
               + f"loudnorm=I=-18:TP=-3:LRA=9,aresample=48000,alimiter=limit=0.5:level=0,aresample=24000,apad=whole_dur={p['seconds']:.3f},atrim=duration={p['seconds']:.3f},asplit[voice1][voice2]")
    return ";\n".join(out)


if __name__ == "__main__":
    what, slug = sys.argv[1:3]
    if what == "check":
        check(load(slug))
    elif what == "lines":
        for i, (_, _, line) in enumerate(lines(load(slug)), 1):
            print(f"{i:02}\t{spoken(line)}")
    elif what == "html":
        Path(sys.argv[3]).write_text(page(load(slug)), "utf-8")
    elif what == "plan":
        plan(slug, Path(sys.argv[3]))
    elif what == "filter":
        print(graph(Path(sys.argv[3])))
    else:
        sys.exit(__doc__)
