"""Writes a chat JSONL of about a given size: conversations of uneven length in words of many lengths, with numbers, code,
punctuation, some other scripts and escapes. The same seed makes the same bytes.

usage: make.py FILE MEGABYTES [SEED=7]
"""
import json
import random
import sys

SYLLABLES = ("ba be bi co con cre da de di en er est fa fi for ga ge gra ha he hi in is it ka la le lo ma me mi mo na ne ni no "
             "or pa pe pla po pre qua ra re ri ro sa se si so sta ta te ter ti to tra un ur va ve vi wa we wi").split()
COMMON = ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one "
          "you were her all she there would their we him been has when who will more no if out so said what up its about into than "
          "them can only other new some could time these two may then do first any my now such like our over me even most made "
          "please thanks order number account password invoice delivery refund help").split()
OTHER = ["über", "größe", "café", "naïve", "привет", "спасибо", "東京", "你好", "한국어", "مرحبا", "😀", "→", "€ 12,50", "Ωmega"]
CODE = ['{"id": 17, "ok": true}', "for (int i = 0; i < n; i++) {", "SELECT * FROM orders WHERE id = 4821;", "https://example.com/a/b?c=d",
        "error\t0x80070057\n", "C:\\temp\\file.txt"]


def main():
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 7)
    rare = ["".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 5))) for _ in range(60_000)]

    def text(low, high):
        words = []
        for _ in range(rng.randint(low, high)):
            pick = rng.random()
            if pick < 0.62:
                word = rng.choice(COMMON)
            elif pick < 0.93:
                word = rare[int(rng.paretovariate(0.7)) % len(rare)]
            elif pick < 0.96:
                word = str(rng.randint(0, 99_999))
            elif pick < 0.98:
                word = rng.choice(OTHER)
            else:
                word = rng.choice(CODE)
            if rng.random() < 0.1:
                word = word.capitalize()
            words.append(word + rng.choice(("", "", "", "", "", "", ",", ".", "?", "!\n", "'s")))
        return " ".join(words)

    size = int(sys.argv[2]) * 1_000_000
    written = 0
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        while written < size:
            messages = [{"role": "system", "content": text(5, 40)}] if rng.random() < 0.7 else []
            for _ in range(1 if rng.random() < 0.7 else rng.randint(2, 5)):
                messages.append({"role": "user", "content": text(5, 150)})
                messages.append({"role": "assistant", "content": text(5, 250)})
            line = json.dumps({"messages": messages}, ensure_ascii=rng.random() < 0.2) + "\n"
            out.write(line)
            written += len(line.encode())


if __name__ == "__main__":
    main()
