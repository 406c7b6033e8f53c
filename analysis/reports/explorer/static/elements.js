// Elements from plain values. Text becomes text only: nothing is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";
const UNSAFE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export function plain(text) {
  return String(text ?? "").replace(UNSAFE, "");
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [kind, answer] of Object.entries(value)) node.addEventListener(kind, answer);
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function button(text, answer, attributes) {
  return el("button", { type: "button", ...attributes, on: { click: answer } }, text);
}

export function formatCount(number, noun) {
  const written = number.toLocaleString("en-US");
  return noun ? `${written} ${noun}${number === 1 ? "" : "s"}` : written;
}

export function formatPercent(share) {
  if (share === null || Number.isNaN(share)) return "–";
  const percent = share * 100;
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

const UNDATED = -2147483648;

export function formatDay(day, precision) {
  if (day === UNDATED || precision === 3) return "undated";
  const text = new Date(day * 86400000).toISOString().slice(0, 10);
  return precision === 2 ? text.slice(0, 4) : precision === 1 ? text.slice(0, 7) : text;
}

export function isWebAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

// The marks of the figures: one shape for each theme, beside its colour.
const SHAPES = {
  circle: "M5 0A5 5 0 1 1 -5 0A5 5 0 1 1 5 0Z",
  square: "M-4.4 -4.4H4.4V4.4H-4.4Z",
  diamond: "M0 -5.8L5.8 0L0 5.8L-5.8 0Z",
  "triangle-up": "M0 -5.6L5.2 3.8H-5.2Z",
  star: "M0 -6L1.7 -1.9L5.8 -1.8L2.6 .9L3.6 5L0 2.7L-3.6 5L-2.6 .9L-5.8 -1.8L-1.7 -1.9Z",
  "triangle-down": "M0 5.6L5.2 -3.8H-5.2Z",
  cross: "M-1.8 -5.4H1.8V-1.8H5.4V1.8H1.8V5.4H-1.8V1.8H-5.4V-1.8H-1.8Z",
};

export function drawMark(symbol, color) {
  const isOpen = !(symbol in SHAPES);
  const shape = svg("path", {
    d: SHAPES[symbol] ?? SHAPES.circle,
    fill: isOpen ? "none" : color,
    stroke: isOpen ? color : "none",
    "stroke-width": isOpen ? 1.8 : 0,
  });
  return svg("svg", { viewBox: "-7 -7 14 14", width: 14, height: 14, "aria-hidden": "true", class: "tlx-mark" }, shape);
}

export function isOpenSymbol(symbol) {
  return !(symbol in SHAPES);
}

export function shapeNumber(symbol) {
  const number = Object.keys(SHAPES).indexOf(symbol);
  return number < 0 ? 7 : number;
}
