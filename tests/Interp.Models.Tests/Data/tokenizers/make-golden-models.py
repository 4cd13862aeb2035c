#!/usr/bin/env python3
"""Writes golden/NAME.json for tokenizer.model files by google/sentencepiece: make-golden-models.py FOLDER NAME..."""
import json
import pathlib
import sys

import sentencepiece

texts = json.loads(pathlib.Path("texts.json").read_text())["texts"]
for name in sys.argv[2:]:
    processor = sentencepiece.SentencePieceProcessor(model_file=f"{sys.argv[1]}/{name}/tokenizer.model")
    rows = []
    for text in texts:
        ids = processor.encode(text)
        rows.append(json.dumps(dict(ids=ids, decoded=processor.decode(ids)), separators=(",", ":"), ensure_ascii=False))
    pathlib.Path("golden").mkdir(exist_ok=True)
    pathlib.Path(f"golden/{name}.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
