// Writes golden/NAME.json for tokenizer.json files: ids, offsets and decoded text by the reference implementation.
// npm install tokenizers@0.23.2, then: node make-golden.mjs FOLDER_OF_TOKENIZERS NAME...
// One list a text: {"ids": [...], "full": [... with special tokens], "starts": [...], "ends": [...], "decoded": "..."}.
import fs from "node:fs";
import { createRequire } from "node:module";
const { Tokenizer } = createRequire(process.cwd() + "/")("tokenizers");

const here = new URL(".", import.meta.url).pathname;
const { texts } = JSON.parse(fs.readFileSync(here + "texts.json", "utf8"));
const [root, ...names] = process.argv.slice(2);
for (const name of names) {
  // Offsets here tile the text, so the reference must not trim them.
  const definition = fs.readFileSync(`${root}/${name}/tokenizer.json`, "utf8").replaceAll(/"trim_offsets": ?true/g, '"trim_offsets":false');
  const tokenizer = Tokenizer.fromString(definition);
  const results = [];
  for (const text of texts) {
    const plain = await tokenizer.encode(text, null, { addSpecialTokens: false });
    const full = await tokenizer.encode(text, null, { addSpecialTokens: true });
    const units = [0];
    for (const character of text) { units.push(units.at(-1) + character.length); }
    const offsets = plain.getOffsets();
    results.push({
      ids: plain.getIds(), full: full.getIds(), starts: offsets.map(([start]) => units[start]), ends: offsets.map(([, end]) => units[end]),
      decoded: await tokenizer.decode(plain.getIds(), false),
    });
  }
  fs.mkdirSync(here + "golden", { recursive: true });
  fs.writeFileSync(`${here}golden/${name}.json`, "[\n" + results.map(result => JSON.stringify(result)).join(",\n") + "\n]\n");
}
