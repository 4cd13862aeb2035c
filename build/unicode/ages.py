"""The characters that a version of Unicode knows."""
FORMS = (9, 0)  # whose normal forms huggingface/tokenizers computes
CATEGORIES = (8, 0)  # whose categories its BERT parts use


def known(path, version=FORMS):
    """The code points of DerivedAge.txt (Debian: package unicode-data) up to the version."""
    codes = set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) == 2 and tuple(int(part) for part in fields[1].split(".")) <= version:
                first, _, last = fields[0].partition("..")
                codes.update(range(int(first, 16), int(last or first, 16) + 1))
    return codes
