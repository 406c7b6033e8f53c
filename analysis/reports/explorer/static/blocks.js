// Blocks of facts and typed arrays, as packing.py writes them, from a page or from a notebook.

const KINDS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
};

export async function unpackBlock(bytes) {
  const folded = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const content = await new Response(folded).arrayBuffer();
  const length = new DataView(content).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length)));
  const block = { facts: header.facts };
  for (const [name, { type, offset, length: n }] of Object.entries(header.arrays)) {
    block[name] = new KINDS[type](content, 4 + length + offset, n);
  }
  return block;
}

function readBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

// Blocks that stand in the page. What comes after the script is waited for.
export class PageBlocks {
  async read(name) {
    const find = () => document.querySelector(`script[data-block="${CSS.escape(name)}"]`);
    let node = find();
    // A block is whole once something stands behind it.
    if (document.readyState === "loading" && !(node && node.nextElementSibling)) {
      await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
      node = find();
    }
    if (!node) throw new Error(`The page has no block ${name}.`);
    const bytes = readBase64(node.textContent.trim());
    // The text is needed no more, and there is much of it.
    node.remove();
    return unpackBlock(bytes);
  }
}

// Blocks that a kernel has sent.
export class ModelBlocks {
  constructor(model) {
    this.model = model;
  }

  async read(name) {
    const view = name === "themes" ? this.model.get("themes") : this.model.get("blocks")[name];
    return unpackBlock(new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength));
  }
}
