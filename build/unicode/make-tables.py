#!/usr/bin/env python3
"""Writes the table of Unicode decompositions that the tokenizers' normalizers read.

usage: make-tables.py > src/Interp.Models/Tokenization/Normalization/UnicodeTables.txt

Lines: `C 00C0 0041 0300` canonical decomposition that composes again, `D ...` one that does not,
`K FB01 0066 0069` compatibility decomposition, `R 0300-0314 230` combining class of a range.
Hangul syllables are left out; they are computed.
"""
import sys
import unicodedata

print(f"# Unicode {unicodedata.unidata_version}, made by build/unicode/make-tables.py")
ranges = []
for code in range(sys.maxunicode + 1):
    character = chr(code)
    decomposition = unicodedata.decomposition(character)
    combining = unicodedata.combining(character)
    if combining:
        if ranges and ranges[-1][1] == code - 1 and ranges[-1][2] == combining:
            ranges[-1][1] = code
        else:
            ranges.append([code, code, combining])
    if not decomposition:
        continue
    if decomposition[0] == "<":
        print(f"K {code:04X} {decomposition.split('> ')[1]}")
    else:
        composes = unicodedata.normalize("NFC", unicodedata.normalize("NFD", character)) == character
        print(f"{'C' if composes else 'D'} {code:04X} {decomposition}")
for first, last, combining in ranges:
    print(f"R {first:04X}-{last:04X} {combining}")
