#!/usr/bin/env python3
"""Writes the table of Unicode decompositions and marks that the tokenizers' normalizers read.

usage: make-tables.py /usr/share/unicode/DerivedAge.txt > src/Interp.Models/Tokenization/Normalization/UnicodeTables.txt

Characters newer than Unicode 9.0 are left out: tokenizers were trained with a reference implementation that does not know
them. Lines: `C 00C0 0041 0300` canonical decomposition that composes again, `D ...` one that does not, `K FB01 0066 0069`
compatibility decomposition, `R 0300-0314 230` combining class of a range, `M 0300-036F` a range of combining marks,
`V 0021-0023` a range of punctuation, format characters or nonspacing marks that Unicode 8.0 knows.
Hangul syllables are left out; they are computed.
"""
import sys
import unicodedata

import ages

known = ages.known(sys.argv[1])
print("# Unicode 9.0, made by build/unicode/make-tables.py")
older = ages.known(sys.argv[1], ages.CATEGORIES)
classes, marks, categories = [], [], []


def extend(ranges, code, value):
    if ranges and ranges[-1][1] == code - 1 and ranges[-1][2] == value:
        ranges[-1][1] = code
    else:
        ranges.append([code, code, value])


for code in sorted(known):
    character = chr(code)
    decomposition = unicodedata.decomposition(character)
    if unicodedata.combining(character):
        extend(classes, code, unicodedata.combining(character))
    if unicodedata.category(character)[0] == "M":
        extend(marks, code, "")
    if code in older and (unicodedata.category(character)[0] == "P" or unicodedata.category(character) in ("Cf", "Mn")):
        extend(categories, code, "")
    if not decomposition:
        continue
    if decomposition[0] == "<":
        print(f"K {code:04X} {decomposition.split('> ')[1]}")
    else:
        composes = unicodedata.normalize("NFC", unicodedata.normalize("NFD", character)) == character
        print(f"{'C' if composes else 'D'} {code:04X} {decomposition}")
for first, last, combining in classes:
    print(f"R {first:04X}-{last:04X} {combining}")
for first, last, _ in marks:
    print(f"M {first:04X}-{last:04X}")
for first, last, _ in categories:
    print(f"V {first:04X}-{last:04X}")
