#!/usr/bin/env python3
"""Prints the hashes that UnicodeNormalizerTests expects: SHA-256 of the UTF-8 of many normalised strings, joined by newlines.

usage: make-checks.py /usr/share/unicode/DerivedAge.txt

The strings: every code point up to U+2FFFF (surrogates left out; those newer than Unicode 9.0 stay as they are), and every
sequence base + mark + mark of the lists below. The forms are those of Python's unicodedata.
"""
import hashlib
import sys
import unicodedata

import ages

BASES = "ae\u00e9qo\u03b1\u0915\u1100\uac00\u3042\u05d3\u4e2d\U0001d15e"
MARKS = "\u0301\u0323\u0307\u0308\u030a\u0327\u0345\u05b4\u05bc\u093c\u1161\u11a8\u3099\u0f71\u0f74\U0001d165\U0001d16e"
known = ages.known(sys.argv[1])
strings = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
strings += [base + first + second for base in BASES for first in MARKS for second in MARKS]
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    text = "\n".join(unicodedata.normalize(form, string) if ord(string[0]) in known else string for string in strings)
    print(form, len(strings), hashlib.sha256(text.encode("utf-8")).hexdigest(), file=sys.stdout)
