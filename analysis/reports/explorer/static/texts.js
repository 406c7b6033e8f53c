// Titles and abstracts as streams of numbers of words: read one at a time, searched whole.

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function listWords(text) {
  return fold(text).match(/[\p{L}\p{N}_]+/gu) ?? [];
}

const MOST_WORDS = 16;

function unfold(words, isWord, stream, start, end) {
  let text = "";
  let wasWord = 0;
  for (let at = start; at < end; ) {
    let number = stream[at] & 127;
    if (stream[at++] > 127) {
      number |= (stream[at] & 127) << 7;
      if (stream[at++] > 127) number |= stream[at++] << 14;
    }
    if (wasWord && isWord[number]) text += " ";
    text += words[number];
    wasWord = isWord[number];
  }
  return text;
}

// For each text, which of the searched words it holds, as bits.
function scan(stream, ends, bits, found) {
  let at = 0;
  for (let i = 0; i < ends.length; i += 1) {
    const end = ends[i];
    let held = 0;
    while (at < end) {
      let number = stream[at] & 127;
      if (stream[at++] > 127) {
        number |= (stream[at] & 127) << 7;
        if (stream[at++] > 127) number |= stream[at++] << 14;
      }
      held |= bits[number];
    }
    found[i] = held;
  }
}

export class Texts {
  constructor(source, core) {
    this.source = source;
    this.nParts = core.facts.n_parts;
    this.nInPart = core.facts.n_in_part;
    this.nPapers = core.facts.n_papers;
    this.parts = new Map();
    this.titles = null;
    this.details = null;
    this.folded = null;
    this.opening = this.open();
  }

  async open() {
    const titles = await this.source.read("titles");
    this.words = titles.facts.words;
    this.isWord = titles.is_word;
    this.titles = titles;
    this.details = await this.source.read("details");
  }

  readTitle(i) {
    return this.titles ? this.readFrom(this.titles, i) || "(no title)" : "…";
  }

  readByline(i) {
    return this.details ? this.readFrom(this.details, i) : "";
  }

  readId(i) {
    return this.details.facts.paper_ids[i];
  }

  readUrl(i) {
    return this.details?.facts.urls[i] ?? "";
  }

  async readAbstract(i) {
    await this.opening;
    const part = await this.openPart(Math.floor(i / this.nInPart));
    return this.readFrom(part, i % this.nInPart);
  }

  readFrom(block, i) {
    return unfold(this.words, this.isWord, block.stream, i ? block.ends[i - 1] : 0, block.ends[i]);
  }

  openPart(number) {
    if (!this.parts.has(number)) this.parts.set(number, this.source.read(`abstracts-${number}`));
    return this.parts.get(number);
  }

  // All parts, one after the other and with a breath between, for the first search not to wait for them.
  async openAll() {
    await this.opening;
    for (let number = 0; number < this.nParts; number += 1) {
      await this.openPart(number);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  // Papers that hold every word, or a word that begins with it, in title or abstract.
  async search(text) {
    const wanted = [...new Set(listWords(text))].slice(0, MOST_WORDS);
    await this.opening;
    const bits = this.markWords(wanted);
    const all = (1 << wanted.length) - 1;
    const inTitle = new Uint32Array(this.nPapers);
    scan(this.titles.stream, this.titles.ends, bits, inTitle);
    const mask = new Uint8Array(this.nPapers);
    let nInTitle = 0;
    for (let number = 0; number < this.nParts; number += 1) {
      const part = await this.openPart(number);
      const first = number * this.nInPart;
      const inAbstract = new Uint32Array(part.ends.length);
      scan(part.stream, part.ends, bits, inAbstract);
      for (let k = 0; k < inAbstract.length; k += 1) {
        mask[first + k] = (inTitle[first + k] | inAbstract[k]) === all ? 1 : 0;
        if (inTitle[first + k] === all) nInTitle += 1;
      }
    }
    return { words: wanted, mask, nInTitle };
  }

  markWords(wanted) {
    this.folded ??= this.words.map(fold);
    const bits = new Uint32Array(this.words.length);
    wanted.forEach((word, k) => {
      this.folded.forEach((folded, number) => {
        if (folded.startsWith(word)) bits[number] |= 1 << k;
      });
    });
    return bits;
  }
}

// The papers nearest to one, by inner products of small vectors.
export async function findNear(source, paper, top) {
  source.near ??= source.read("near");
  const { facts, vectors } = await source.near;
  const d = facts.n_dimensions;
  const n = vectors.length / d;
  const own = vectors.subarray(paper * d, (paper + 1) * d);
  const near = new Float32Array(n);
  for (let i = 0, at = 0; i < n; i += 1) {
    let sum = 0;
    for (let k = 0; k < d; k += 1, at += 1) sum += vectors[at] * own[k];
    near[i] = sum;
  }
  const rows = Array.from({ length: n }, (_, i) => i).filter((i) => i !== paper);
  rows.sort((a, b) => near[b] - near[a] || a - b);
  return { rows: Int32Array.from(rows.slice(0, top)), isExact: facts.exact };
}
