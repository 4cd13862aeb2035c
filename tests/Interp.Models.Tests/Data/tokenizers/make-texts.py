#!/usr/bin/env python3
"""Writes texts.json: the texts that the golden ids of this folder are of. Run: make-texts.py > texts.json"""
import json
import random
import sys

# One row a subject; `¦` parts the texts of a row.
rows = [
    "¦a¦ ¦ \t¦  ¦   three   ¦\n¦\r\n¦a\r\nb\n\nc\n¦trailing   ¦   leading¦tab\tseparated\tvalues¦\v\f¦x \n y¦    indented\n        more",
    "Hello world¦Hello, world!¦hello  world¦HELLO WORLD¦the cat sat on the mat.¦The quick brown fox jumps over the lazy dog.",
    "don't¦we'll I'd they're you've I'm it's¦DON'T WE'LL I'D¦'tis 'twas ''quoted''¦rock 'n' roll¦o'clock¦don\u2019t",
    "0¦7¦42¦123¦1234567890¦3.14159¦1,000,000¦-5e-10¦0x1F¦12:34:56¦2024-01-31¦50%¦$9.99¦\u00bd \u00b2 \u2167 \u0663\u0664¦v1.2.3-beta+45",
    "foo(bar)[baz]{qux};¦if (a != b && c <= d) { return ~x ^ y; }¦def f(x):\n    return x ** 2\n¦<html><body>hi</body></html>¦// comment\n#include <stdio.h>¦a+b=c¦path/to/file.txt¦C:\\dir\\file¦https://example.org/a?b=c&d=e#f¦user@example.com¦snake_case camelCase kebab-case¦***¦...¦!?¦----¦=====",
    "na\u00efve caf\u00e9¦nai\u0308ve cafe\u0301¦\u00c5ngstr\u00f6m¦A\u030angstro\u0308m¦stra\u00dfe¦\u0130stanbul¦\u03c3\u03ac\u03c2 \u03a3\u03a3¦\ufb01sh \ufb02ow¦\u1e9b\u0323¦q\u0307\u0323¦q\u0323\u0307¦\u2126 \u212b \u212a¦\u00a8 \u00b4 \u00b8¦\u01c4 \u01c5¦\u0344¦e\u0301\u0302\u0323¦\u1100\u1161\u11a8¦\uac01\u11a8¦\u0958",
    "\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3067\u3059\u3002¦\u4e2d\u6587\u5206\u8bcd¦\ud55c\uad6d\uc5b4 \ubb38\uc7a5¦\uff21\uff22\uff23 \uff11\uff12\uff13¦\uff76\uff9e\uff77\uff9e¦\u30ab\u3099¦\u3231 \u33a5¦\u4e2d \u6587,\u65e5\u3000\u672c",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u062c\u0645\u064a\u0644\u0629¦\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627¦\ufefb \ufdfa¦\u0939\u093f\u0928\u094d\u0926\u0940 \u092d\u093e\u0937\u093e¦\u0ba4\u0bae\u0bbf\u0bb4\u0bcd¦\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22¦\u05e2\u05b4\u05d1\u05b0\u05e8\u05b4\u05d9\u05ea¦\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440¦\u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ac",
    "\U0001f600¦\U0001f468\u200d\U0001f469\u200d\U0001f467¦\U0001f3f3\ufe0f\u200d\U0001f308¦\U0001f44d\U0001f3fd¦\U0001f1eb\U0001f1f7¦a\U0001f600b¦hi \U0001f600 there¦\U0001d400\U0001d401\U0001d402 \U0001d7ce\U0001d7cf¦\U0001d41a\U0001d41b bold¦\U00010330\U00010331¦\U00020000\U00020001 \u4e00¦\U0001d15e¦\U000110ba¦\U0001f600\u0301¦\U000e0041¦\U0010ffff¦\ue000\uf8ff",
    "\u00a0¦\u2003em\u2009thin¦\u200bzero\u200bwidth¦\u200c\u200d¦\ufeffbom¦\u2028\u2029¦\u00ad soft\u00adhyphen¦\u0000¦\u0001\u001f\u007f¦\u0085¦\u180e¦\u3000¦\ufffd¦\u2581¦\u2581a\u2581b¦\u2581\u2581¦\u0120the¦\u010a",
    "<s>¦</s>¦<unk>¦<pad>¦[CLS]¦[SEP] [MASK]¦<|endoftext|> is split¦<<mark>>¦a<<mark>>b¦a <<mark>> b¦<<MARK>>¦word¦a word here¦awordb¦word word¦swords¦<0x41>¦<0x0A>¦<0xZZ>",
    "<<mark>>       [CLS]¦a <<mark>>      <<mark>> b¦the </s>word </s>¦\u08d4\u089d\u0322¦\u32ff \u0c77 \u08e2 \u09fe \u061a¦n\u0303\u08d4\u0323¦\U0001e130a \U00010f46",
    "\u2018single\u2019 \u201cdouble\u201d \u2013 \u2014 \u2026¦\u20ac\u00a3\u00a5\u20b9¦\u00a9\u00ae\u2122¦\u2190\u2192\u2194 \u2200\u2203\u2211¦\u2460\u2461 \u24b6\u24d0¦\u2550\u2551 \u2588\u2591¦\u2122\u00b5\u00b7¦\u00ab guillemets \u00bb¦\u00bfque\u0301?¦\u203d",
]
texts = [text for row in rows for text in row.split("¦")]

alphabet = list("abcdefghijklmnopqrstuvwxyz  ETAOIN0123456789.,;:'\"!?-_()\n\t") + [
    "\u00e9", "e\u0301", "\u0301", "\u00df", "\u4e2d", "\u6587", "\u3042", "\ud55c", "\u1100", "\u1161", "\u0645", "\u0939", "\u093f",
    "\U0001f600", "\U0001d400", "\U00020000", "\u200d", "\u00a0", "\u3000", "\u2581", "\ufb01", "\u00bd", "'s", "'ll", "  ", "   ", "<<mark>>", "the", " the", "ing",
]
source = random.Random(20)
for length in [3, 5, 8, 13, 21, 34, 55, 89] * 8:
    texts.append("".join(source.choice(alphabet) for _ in range(length)))
texts += ["a" * 300, " " * 77, "ab" * 150, "\n" * 40, "\U0001f600" * 30, "e\u0301" * 50, "=-" * 60, "\u4e2d" * 90]
json.dump({"texts": texts}, sys.stdout, ensure_ascii=True, indent=0)
