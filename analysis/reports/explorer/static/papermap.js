// The map of papers: pan, zoom, hover, click, lasso and rectangle, by pointer and by keys.

import { button, drawMark, el, formatDay, svg } from "./elements.js";
import { colourPapers, packColour, shadeOf } from "./colours.js";
import { Raster } from "./raster.js";
import { drawLabels, findMiddles, layLabels, samplePoints } from "./maplabels.js";

const EDGE = 34;
const REACH = 14;
const MOST_RIMS = 5000;
export const CLICK = 4;
const TOOLS = [
  ["pan", "Pan", "Drag moves the map"],
  ["lasso", "Lasso", "Drag draws a line around papers"],
  ["box", "Box", "Drag draws a rectangle around papers"],
];
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Rows inside a closed line of [x, y] in the unit of the map.
export function findInside(state, line) {
  const mask = new Uint8Array(state.n);
  const [[left, right], [low, high]] = [0, 1].map((k) => [
    Math.min(...line.map((point) => point[k])),
    Math.max(...line.map((point) => point[k])),
  ]);
  const { x, y, passing } = state;
  for (let i = 0; i < state.n; i += 1) {
    if (!passing[i] || !(x[i] >= left && x[i] <= right && y[i] >= low && y[i] <= high)) continue;
    let isInside = false;
    for (let a = 0, b = line.length - 1; a < line.length; b = a, a += 1) {
      const [ax, ay] = line[a];
      const [bx, by] = line[b];
      if (ay > y[i] !== by > y[i] && x[i] < ((bx - ax) * (y[i] - ay)) / (by - ay) + ax) isInside = !isInside;
    }
    mask[i] = isInside ? 1 : 0;
  }
  return mask;
}

export class PaperMap {
  constructor(state, texts, look) {
    Object.assign(this, { state, texts, look, tool: "pan", camera: { x: 0, y: 0, zoom: 1 }, drag: null, hover: -1 });
    this.build();
    this.raster = new Raster(this.canvas);
    this.listen();
    this.recolour();
    state.listen((changed) => {
      if (changed.has("themes")) this.recolour();
      if (changed.has("themes") || changed.has("filter")) this.middles = null;
      this.redraw();
    });
  }

  build() {
    this.canvas = el("canvas", {
      class: "tlx-canvas",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "map",
      "aria-label": `Map of ${this.state.n} papers. Arrow keys go from paper to paper, Enter opens one, Space selects it, plus and minus zoom, Escape clears.`,
    });
    this.labels = svg("g");
    this.line = svg("path", { class: "tlx-lasso" });
    this.ring = svg("circle", { class: "tlx-ring", r: 9 });
    this.over = svg("svg", { class: "tlx-over", "aria-hidden": "true" }, this.labels, this.line, this.ring);
    this.tip = el("div", { class: "tlx-tip", hidden: true });
    this.tools = TOOLS.map(([name, label, title]) =>
      button(label, () => this.takeTool(name), { title, "data-tool": name, "aria-pressed": String(name === this.tool) }),
    );
    const zooms = [
      button("+", () => this.zoomBy(1.5), { "aria-label": "Zoom in", title: "Zoom in" }),
      button("−", () => this.zoomBy(1 / 1.5), { "aria-label": "Zoom out", title: "Zoom out" }),
      button("Fit", () => this.fit(), { title: "Show all papers" }),
    ];
    const bar = el("div", { class: "tlx-tools", role: "toolbar", "aria-label": "Map" }, this.tools, zooms);
    this.frame = el("div", { class: "tlx-frame" }, this.canvas, this.over, this.tip);
    this.root = el("section", { class: "tlx-map", "aria-label": "Map" }, this.frame, bar);
  }

  takeTool(name) {
    this.tool = name;
    for (const one of this.tools) one.setAttribute("aria-pressed", String(one.dataset.tool === name));
    this.canvas.dataset.tool = name;
  }

  listen() {
    new ResizeObserver(() => this.resize()).observe(this.frame);
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerup", (event) => this.release(event));
    this.canvas.addEventListener("pointercancel", () => this.endDrag());
    this.canvas.addEventListener("pointerleave", () => this.setHover(-1));
    this.canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.canvas.addEventListener("keydown", (event) => this.answerKey(event));
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    const isFirst = !this.width;
    Object.assign(this, { width, height });
    this.over.setAttribute("viewBox", `0 0 ${width} ${height}`);
    if (isFirst || !this.wasMoved) this.fit();
    else this.redraw();
  }

  fit() {
    const ends = [Infinity, -Infinity, Infinity, -Infinity];
    const { x, y, n } = this.state;
    for (let i = 0; i < n; i += 1) {
      if (Number.isNaN(x[i])) continue;
      ends[0] = Math.min(ends[0], x[i]);
      ends[1] = Math.max(ends[1], x[i]);
      ends[2] = Math.min(ends[2], y[i]);
      ends[3] = Math.max(ends[3], y[i]);
    }
    const known = ends[0] <= ends[1];
    const spans = [(this.width - 2 * EDGE) / (ends[1] - ends[0] || 1), (this.height - 2 * EDGE) / (ends[3] - ends[2] || 1)];
    this.whole = known ? Math.max(Math.min(...spans), 1e-6) : 1;
    this.camera = { x: known ? (ends[0] + ends[1]) / 2 : 0, y: known ? (ends[2] + ends[3]) / 2 : 0, zoom: this.whole };
    this.wasMoved = false;
    this.redraw();
  }

  place(x, y) {
    const { camera, width, height } = this;
    return [(x - camera.x) * camera.zoom + width / 2, height / 2 - (y - camera.y) * camera.zoom];
  }

  unplace(left, top) {
    const { camera, width, height } = this;
    return [(left - width / 2) / camera.zoom + camera.x, (height / 2 - top) / camera.zoom + camera.y];
  }

  zoomBy(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.unplace(left, top);
    const zoom = Math.min(Math.max(this.camera.zoom * factor, this.whole / 4), this.whole * 400);
    this.camera = { zoom, x: x - (left - this.width / 2) / zoom, y: y + (top - this.height / 2) / zoom };
    this.wasMoved = true;
    this.redraw();
  }

  recolour() {
    const mode = this.look();
    this.paint = colourPapers(this.state, mode);
    this.middles = null;
    this.redraw();
  }

  redraw() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      if (this.width) this.draw();
    });
  }

  draw() {
    const { state, camera, width, height, paint } = this;
    const style = getComputedStyle(this.root);
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    this.raster.begin(w, h, packColour(style.getPropertyValue("--map").trim()));
    const zoom = camera.zoom * ratio;
    const view = { x: state.x, y: state.y, zoom, dx: w / 2 - camera.x * zoom, dy: h / 2 + camera.y * zoom };
    const size = Math.min(Math.max(0.38 * Math.sqrt((width * height) / state.n), 1.5), 6) * Math.sqrt(Math.sqrt(camera.zoom / this.whole));
    const radius = Math.round(Math.min(size, 8) * ratio * 4) / 4;
    const shapeOf = radius >= 2.5 * ratio && paint.shapes ? (i) => paint.shapes[state.theme[i]] : null;
    const rim = radius >= 3 * ratio ? ratio : 0;
    const [left, plain, chosen] = this.part();
    const faint = packColour(style.getPropertyValue("--faint").trim());
    this.raster.draw(left, { ...view, colours: faint, radius: Math.max(radius * 0.6, ratio), rim: 0, opacity: 0.6 });
    const opacity = state.n > 20000 ? 0.7 : 0.92;
    const colours = paint.colours;
    this.raster.draw(plain, { ...view, colours, shapeOf, radius, rim, opacity: this.isFaded ? 0.22 : opacity });
    // A rim sets a few chosen papers off; many would be rims only.
    const chosenRim = chosen.length < MOST_RIMS ? Math.max(rim, 0.5) : rim;
    this.raster.draw(chosen, { ...view, colours, shapeOf, radius: radius + 0.5 * ratio, rim: chosenRim, opacity: 1 });
    this.raster.end();
    this.drawNames();
    this.drawOver();
  }

  // Papers that the filters leave out, those that stand back, and those in front.
  part() {
    const { state } = this;
    const parts = [[], [], []];
    this.isFaded = state.nSelected > 0 || state.lit >= 0;
    for (let i = 0; i < state.n; i += 1) {
      const isFront = state.lit >= 0 ? state.theme[i] === state.lit : state.selected[i];
      parts[!state.passing[i] ? 0 : isFront ? 2 : 1].push(i);
    }
    return parts;
  }

  // Names stay where they are while the map is moved, and find new places when it is zoomed.
  drawNames() {
    const { state, width, height } = this;
    const place = (x, y) => this.place(x, y);
    const zoom = `${this.camera.zoom} ${width} ${height}`;
    if (!this.middles || zoom !== this.laidFor) {
      this.middles ??= state.colouring === "theme" ? findMiddles(state) : [];
      const points = this.middles.length ? samplePoints(state, place) : [];
      this.laid = layLabels(this.middles, { place, width, height, themes: state.themes, points });
      this.laidFor = zoom;
    }
    drawLabels(this.labels, this.laid, { place, lit: state.lit });
  }

  drawOver() {
    const { state } = this;
    const at = this.hover >= 0 ? this.hover : state.focus;
    const isThere = at >= 0 && !Number.isNaN(state.x[at]);
    this.ring.setAttribute("visibility", isThere ? "visible" : "hidden");
    if (isThere) {
      const [cx, cy] = this.place(state.x[at], state.y[at]);
      this.ring.setAttribute("cx", cx);
      this.ring.setAttribute("cy", cy);
    }
    const points = this.drag?.points;
    const isOpen = points?.length > 1 && this.drag.kind !== "pan";
    this.line.setAttribute("d", isOpen ? `M${points.map((point) => point.join(" ")).join("L")}Z` : "");
  }

  // The nearest shown paper within reach of the pointer; of several, the one in front.
  find(left, top) {
    const { state } = this;
    const [x, y] = this.unplace(left, top);
    let best = -1;
    let least = (REACH / this.camera.zoom) ** 2;
    for (let i = 0; i < state.n; i += 1) {
      if (!state.passing[i]) continue;
      const away = (state.x[i] - x) ** 2 + (state.y[i] - y) ** 2;
      if (away <= least) {
        least = away;
        best = i;
      }
    }
    return best;
  }

  setHover(i) {
    if (i === this.hover) return;
    this.hover = i;
    this.tip.hidden = i < 0;
    if (i >= 0) {
      const { state, texts } = this;
      const theme = state.themes[state.theme[i]];
      const line = el("p", {}, drawMark(theme.symbol, shadeOf(theme, this.look())), ` ${theme.label}`);
      const day = formatDay(state.day[i], state.core.precision[i]);
      this.tip.replaceChildren(el("strong", { dir: "auto" }, texts.readTitle(i)), el("p", {}, day), line);
      const [left, top] = this.place(state.x[i], state.y[i]);
      const isRight = left > this.width * 0.6;
      Object.assign(this.tip.style, {
        left: isRight ? "" : `${left + 14}px`,
        right: isRight ? `${this.width - left + 14}px` : "",
        top: top > this.height * 0.6 ? "" : `${top + 10}px`,
        bottom: top > this.height * 0.6 ? `${this.height - top + 10}px` : "",
      });
    }
    this.drawOver();
  }
}
