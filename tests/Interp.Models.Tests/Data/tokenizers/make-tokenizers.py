#!/usr/bin/env python3
"""Writes the small tokenizers of this folder, one a kind of model; nothing in them comes from elsewhere.

Needs the sentencepiece package (Debian: python3-sentencepiece) for the two tokenizer.model files. Run in this folder.
"""
import base64
import collections
import json
import math
import pathlib

SAMPLE = """A small model learns to add the hours of a clock. The hand goes round and round: after twelve comes one.
The model writes each number as a point on a circle, and adding is turning. We read its weights, we look for the circles,
and we ask what the model knows. It doesn't know the word for a circle; it knows sines and cosines, which is better.
What is a feature? A direction, a circle, a plane that the model reads and writes. What isn't? Noise, chance, and the
things that we want to see. The cat sat on the mat, the dog ran in the park, and they're all in the training text.
Numbers like 12, 30, 113 and 1024 are in it too; so are words: token, tokens, tokenizer, tokenizing, untokenized.
In café and naïve there is an accent; in 日本語 and 中文 there are no spaces."""

BYTES = []
extra = 256
for value in range(256):
    printable = 33 <= value <= 126 or 161 <= value <= 172 or value >= 174
    BYTES.append(chr(value) if printable else chr(extra))
    extra += 0 if printable else 1


def train(words, count, join=lambda a, b: a + b):
    """The first merges that byte-pair encoding learns from words, most frequent first."""
    words, merges = collections.Counter(words), []
    words = {tuple(word): number for word, number in words.items()}
    for _ in range(count):
        pairs = collections.Counter()
        for word, number in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += number
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        renewed = {}
        for word, number in words.items():
            parts, i = [], 0
            while i < len(word):
                both = word[i:i + 2] == best
                parts.append(join(*best) if both else word[i])
                i += 2 if both else 1
            renewed[tuple(parts)] = renewed.get(tuple(parts), 0) + number
        words = renewed
    return merges


def vocabulary(*groups):
    ids = {}
    for group in groups:
        for token in group:
            ids.setdefault(token, len(ids))
    return ids


def added(id_, content, special=False, single_word=False, lstrip=False, rstrip=False, normalized=False):
    return dict(id=id_, content=content, special=special, single_word=single_word, lstrip=lstrip, rstrip=rstrip, normalized=normalized)


def write(name, model, added_tokens=(), normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None):
    folder = pathlib.Path(name)
    folder.mkdir(exist_ok=True)
    content = dict(version="1.0", truncation=None, padding=None, added_tokens=list(added_tokens), normalizer=normalizer,
                   pre_tokenizer=pre_tokenizer, post_processor=post_processor, decoder=decoder, model=model)
    (folder / "tokenizer.json").write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def template(*tokens):
    """`tokens`: the special tokens with their ids, None for the text."""
    single = [dict(Sequence=dict(id="A", type_id=0)) if token is None else dict(SpecialToken=dict(id=token[0], type_id=0)) for token in tokens]
    special = {token[0]: dict(id=token[0], ids=[token[1]], tokens=[token[0]]) for token in tokens if token}
    return dict(type="TemplateProcessing", single=single, pair=single + [dict(Sequence=dict(id="B", type_id=1))], special_tokens=special)


def to_bytes(text):
    return "".join(BYTES[value] for value in text.encode("utf-8"))


def byte_level():
    words = [to_bytes(" " + word) for word in SAMPLE.split()] + [to_bytes(word) for word in SAMPLE.split()] + [to_bytes("    ")] * 3
    merges = train(words, 160)
    ids = vocabulary(BYTES, (a + b for a, b in merges))
    pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
    end, mark, wide = (len(ids) + i for i in range(3))
    write("byte-level", dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False,
                             byte_fallback=False, ignore_merges=True, vocab=ids, merges=[list(pair) for pair in merges]),
          [added(end, "<|endoftext|>", special=True), added(mark, "<<mark>>", lstrip=True, rstrip=True), added(wide, "      "),
           added(ids["word"], "word", single_word=True, normalized=True)],
          normalizer=dict(type="NFC"),
          pre_tokenizer=dict(type="Sequence", pretokenizers=[
              dict(type="Split", pattern=dict(Regex=pattern), behavior="Isolated", invert=False),
              dict(type="ByteLevel", add_prefix_space=False, trim_offsets=False, use_regex=False)]),
          post_processor=dict(type="Sequence", processors=[dict(type="ByteLevel", add_prefix_space=True, trim_offsets=False, use_regex=True),
                                                           template(("<|endoftext|>", end), None)]),
          decoder=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=True, use_regex=True))
    write("prefix-space", dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix="", end_of_word_suffix="", fuse_unk=False,
                               vocab=ids, merges=[f"{a} {b}" for a, b in merges]),
          [added(end, "</s>", special=True), added(mark, "<<mark>>", special=True, lstrip=True, normalized=True)],
          pre_tokenizer=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=False),
          post_processor=dict(type="RobertaProcessing", sep=["</s>", end], cls=["</s>", end], trim_offsets=False, add_prefix_space=True),
          decoder=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=True))
    folder = pathlib.Path("vocab-merges")
    folder.mkdir(exist_ok=True)
    ids["<|endoftext|>"] = end
    (folder / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")


def sentencepiece_style():
    words = ["\u2581" + word for word in SAMPLE.split()]
    merges = train(words, 140)
    letters = sorted(set("".join(words)) - set("日本語中文é"))
    hexes = [f"<0x{value:02X}>" for value in range(256)]
    ids = vocabulary(["<unk>", "<s>", "</s>"], hexes, letters, (a + b for a, b in merges))
    merges = [(a, b) for a, b in merges if a in ids and b in ids and a + b in ids]
    write("byte-fallback", dict(type="BPE", dropout=None, unk_token="<unk>", continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=True,
                                byte_fallback=True, vocab=ids, merges=[f"{a} {b}" for a, b in merges]),
          [added(0, "<unk>", special=True), added(1, "<s>", special=True), added(2, "</s>", special=True, normalized=True), added(len(ids), "<<mark>>", rstrip=True)],
          normalizer=dict(type="Sequence", normalizers=[dict(type="Prepend", prepend="\u2581"), dict(type="Replace", pattern=dict(String=" "), content="\u2581")]),
          post_processor=template(("<s>", 1), None),
          decoder=dict(type="Sequence", decoders=[dict(type="Replace", pattern=dict(String="\u2581"), content=" "), dict(type="ByteFallback"),
                                                  dict(type="Fuse"), dict(type="Strip", content=" ", start=1, stop=0)]))
    plain = vocabulary(["<unk>", "<s>", "</s>"], letters, (a + b for a, b in merges))
    for name, fuse, scheme, split in [("metaspace", True, "first", True), ("metaspace-whole", False, "always", False)]:
        write(name, dict(type="BPE", dropout=None, unk_token="<unk>", continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=fuse,
                         byte_fallback=False, ignore_merges=False, vocab=plain, merges=[f"{a} {b}" for a, b in merges]),
              [added(0, "<unk>", special=True), added(1, "<s>", special=True), added(2, "</s>", special=True), added(len(plain), "<<mark>>")],
              pre_tokenizer=dict(type="Metaspace", replacement="\u2581", prepend_scheme=scheme, split=split),
              decoder=dict(type="Metaspace", replacement="\u2581", prepend_scheme=scheme, split=split))


def pieces(limit):
    """Substrings of the sample's words with the logarithm of their share."""
    counts = collections.Counter()
    for word in SAMPLE.split():
        word = "\u2581" + word
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + 7) + 1):
                counts[word[start:end]] += 1
    keep = {piece: number for piece, number in counts.items() if number > 2 or len(piece) == 1}
    total = sum(keep.values())
    best = sorted(keep, key=lambda piece: (-keep[piece] * len(piece), piece))[:limit]
    best += sorted(piece for piece in keep if len(piece) == 1 and piece not in best and ord(piece) < 128)
    return [[piece, round(math.log(keep[piece] / total), 6)] for piece in best]


def unigram(charsmap):
    found = pieces(180)
    vocab = [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]] + found
    specials = [added(0, "<pad>", special=True), added(1, "</s>", special=True), added(2, "<unk>", special=True), added(len(vocab), "<<mark>>", special=True, lstrip=True)]
    metaspace = dict(type="Metaspace", replacement="\u2581", add_prefix_space=True)
    write("unigram", dict(unk_id=2, vocab=vocab), specials,
          normalizer=dict(type="Sequence", normalizers=[dict(type="Precompiled", precompiled_charsmap=base64.b64encode(charsmap).decode()),
                                                        dict(type="Strip", strip_left=False, strip_right=True),
                                                        dict(type="Replace", pattern=dict(Regex=" {2,}"), content=" ")]),
          pre_tokenizer=dict(type="Sequence", pretokenizers=[dict(type="WhitespaceSplit"), metaspace]),
          post_processor=template(None, ("</s>", 1)), decoder=metaspace)
    hexes = [[f"<0x{value:02X}>", 0.0] for value in range(256)]
    write("unigram-bytes", dict(type="Unigram", unk_id=0, byte_fallback=True, vocab=[["<unk>", 0.0]] + hexes + found), [added(0, "<unk>", special=True)],
          normalizer=dict(type="NFKC"), pre_tokenizer=dict(type="Metaspace", replacement="\u2581", prepend_scheme="never", split=False),
          decoder=dict(type="Sequence", decoders=[dict(type="ByteFallback"), dict(type="Metaspace", replacement="\u2581", prepend_scheme="never", split=False)]))


def words():
    letters = sorted(set(SAMPLE.lower()) - set(" \n日本語中文é"))
    parts = [piece.lstrip("\u2581").lower() for piece, _ in pieces(300)]
    ids = vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], letters, ("##" + letter for letter in letters if letter.isalnum()),
                     (part for part in parts if part), ("##" + part for part in parts if part.isalpha()), ["cafe", "naive", "\u4e2d", "\u65e5"])
    special = [added(i, token, special=True) for i, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])]
    write("wordpiece", dict(type="WordPiece", unk_token="[UNK]", continuing_subword_prefix="##", max_input_chars_per_word=20, vocab=ids), special,
          normalizer=dict(type="BertNormalizer", clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True),
          pre_tokenizer=dict(type="BertPreTokenizer"), post_processor=dict(type="BertProcessing", sep=["[SEP]", 3], cls=["[CLS]", 2]),
          decoder=dict(type="WordPiece", prefix="##", cleanup=True))
    level = vocabulary(["[UNK]"], sorted({word.strip(".,:;?").lower() for word in SAMPLE.split()}), ".,:;?!'\"()-0123456789", ["cafe", "naive"])
    write("word-level", dict(type="WordLevel", unk_token="[UNK]", vocab=level), [added(0, "[UNK]", special=True), added(level["word"], "word", single_word=True, normalized=True)],
          normalizer=dict(type="Sequence", normalizers=[dict(type="NFKD"), dict(type="StripAccents"), dict(type="Lowercase"), dict(type="Strip", strip_left=True, strip_right=True)]),
          pre_tokenizer=dict(type="Sequence", pretokenizers=[dict(type="Whitespace"), dict(type="Punctuation"), dict(type="Digits", individual_digits=True)]))
    ended = [word.lower() for word in SAMPLE.replace(".", " .").replace(",", " ,").split()]
    merges = train([tuple(word[:-1]) + (word[-1] + "</w>",) for word in ended], 120)
    alphabet = sorted(set("".join(ended)))
    clip = vocabulary(["<unk>"], alphabet, (letter + "</w>" for letter in alphabet), (a + b for a, b in merges))
    write("word-ends", dict(type="BPE", dropout=None, unk_token="<unk>", continuing_subword_prefix="", end_of_word_suffix="</w>", fuse_unk=False,
                            vocab=clip, merges=[f"{a} {b}" for a, b in merges]), [added(0, "<unk>", special=True)],
          normalizer=dict(type="Sequence", normalizers=[dict(type="NFD"), dict(type="Lowercase"), dict(type="Replace", pattern=dict(Regex=r"\s+"), content=" ")]),
          pre_tokenizer=dict(type="Sequence", pretokenizers=[
              dict(type="Split", pattern=dict(String=" "), behavior="Removed", invert=False), dict(type="Digits", individual_digits=False),
              dict(type="Split", pattern=dict(Regex=r"[.!?]"), behavior="MergedWithPrevious", invert=False),
              dict(type="Split", pattern=dict(String="-"), behavior="MergedWithNext", invert=False),
              dict(type="Split", pattern=dict(Regex=r"\*"), behavior="Contiguous", invert=False)]),
          decoder=dict(type="BPEDecoder", suffix="</w>"))


def sentencepiece_models():
    import sentencepiece
    pathlib.Path("sample.txt").write_text("\n".join([SAMPLE.replace("\n", " ")] * 3 + SAMPLE.split("\n")), encoding="utf-8")
    pathlib.Path("rules.tsv").write_text("".join(f"{' '.join(f'{ord(c):X}' for c in a)}\t{' '.join(f'{ord(c):X}' for c in b)}\n" for a, b in [
        ("\ufb01", "fi"), ("\u3000", " "), ("\u00a0", " "), ("\t", " "), ("\n", " "), ("\r", " "), ("e\u0301", "\u00e9"), ("i\u0308", "\u00ef"),
        ("\u00bd", "1/2"), ("\uff21", "A"), ("\uff22", "B"), ("\u200b", " "), ("\u2126", "\u03a9"), ("\u0000", "")][:-1]), encoding="utf-8")
    common = dict(input="sample.txt", minloglevel=2, num_threads=1, hard_vocab_limit=False, character_coverage=0.98)
    for name, options in [
            ("model-bpe", dict(model_type="bpe", vocab_size=420, byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
                               user_defined_symbols=["<<mark>>"], split_digits=True, allow_whitespace_only_pieces=True)),
            ("model-bpe-unknown", dict(model_type="bpe", vocab_size=180, normalization_rule_tsv="rules.tsv")),
            ("model-unigram", dict(model_type="unigram", vocab_size=150, normalization_rule_tsv="rules.tsv", user_defined_symbols=["<<mark>>"], pad_id=3))]:
        pathlib.Path(name).mkdir(exist_ok=True)
        sentencepiece.SentencePieceTrainer.train(model_prefix=f"{name}/tokenizer", **common, **options)
        pathlib.Path(name, "tokenizer.vocab").unlink()
    pathlib.Path("sample.txt").unlink()
    pathlib.Path("rules.tsv").unlink()
    return charsmap(pathlib.Path("model-unigram/tokenizer.model").read_bytes())


def charsmap(model):
    """The normalizer's table in a ModelProto: field 3, in it field 2."""
    def fields(message):
        at = 0

        def varint():
            nonlocal at
            value = shift = 0
            while True:
                byte = message[at]
                at += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    return value
        while at < len(message):
            tag = varint()
            if tag & 7 == 2:
                size = varint()
                yield tag >> 3, message[at:at + size]
                at += size
            elif tag & 7 == 5:
                at += 4
            else:
                varint()
    normalizer = next(value for number, value in fields(model) if number == 3)
    return next(value for number, value in fields(normalizer) if number == 2)


byte_level()
sentencepiece_style()
unigram(sentencepiece_models())
words()
