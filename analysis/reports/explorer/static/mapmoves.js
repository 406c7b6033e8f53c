// What the map answers to pointer and keys.

import { ARROWS, CLICK, findInside, PaperMap } from "./papermap.js";

Object.assign(PaperMap.prototype, {
  locate(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  },

  press(event) {
    if (event.button !== 0) return;
    const point = this.locate(event);
    const kind = event.shiftKey && this.tool === "pan" ? "lasso" : this.tool;
    this.drag = { kind, start: point, last: point, points: [point], isLong: false, adds: event.shiftKey };
    this.canvas.setPointerCapture(event.pointerId);
    this.setHover(-1);
  },

  move(event) {
    const point = this.locate(event);
    const { drag } = this;
    if (!drag) {
      this.setHover(this.find(...point));
      return;
    }
    drag.isLong ||= Math.hypot(point[0] - drag.start[0], point[1] - drag.start[1]) > CLICK;
    if (drag.kind === "pan") {
      this.camera.x -= (point[0] - drag.last[0]) / this.camera.zoom;
      this.camera.y += (point[1] - drag.last[1]) / this.camera.zoom;
      this.wasMoved = true;
      this.redraw();
    } else if (drag.kind === "box") {
      const [[left, top], [right, bottom]] = [drag.start, point];
      drag.points = [[left, top], [right, top], [right, bottom], [left, bottom]];
      this.drawOver();
    } else if (Math.hypot(point[0] - drag.last[0], point[1] - drag.last[1]) > 2) {
      drag.points.push(point);
      this.drawOver();
    }
    if (drag.kind === "pan" || drag.points[drag.points.length - 1] === point) drag.last = point;
  },

  release(event) {
    const { drag } = this;
    this.endDrag();
    if (!drag) return;
    if (!drag.isLong) this.click(drag.start, event.shiftKey);
    else if (drag.kind !== "pan") this.selectInside(drag.points, event.ctrlKey || event.metaKey);
  },

  endDrag() {
    this.drag = null;
    this.drawOver();
  },

  click(point, isShift) {
    const { state } = this;
    const found = this.find(...point);
    if (found < 0) {
      if (!isShift && state.nSelected) state.select(new Uint8Array(state.n));
      return;
    }
    if (isShift) state.toggle(found);
    else state.selectRows([found]);
    state.setFocus(found);
  },

  selectInside(points, isAdded) {
    const { state } = this;
    const mask = findInside(state, points.map((point) => this.unplace(...point)));
    if (isAdded) for (let i = 0; i < state.n; i += 1) mask[i] |= state.selected[i];
    state.select(mask);
  },

  wheel(event) {
    // In a notebook the wheel belongs to the notebook until the map has been entered.
    if (this.isGuest && document.activeElement !== this.canvas && !event.ctrlKey) return;
    event.preventDefault();
    this.zoomBy(Math.exp(-Math.max(-240, Math.min(240, event.deltaY)) / 300), ...this.locate(event));
  },

  answerKey(event) {
    const { state } = this;
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow && event.shiftKey) this.pan(arrow);
    else if (arrow) this.step(arrow);
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.5);
    else if (event.key === "-") this.zoomBy(1 / 1.5);
    else if (event.key === "0") this.fit();
    else if (event.key === "Enter" && state.focus >= 0) state.selectRows([state.focus]);
    else if (event.key === " " && state.focus >= 0) state.toggle(state.focus);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },

  pan([right, up]) {
    this.camera.x += (right * 60) / this.camera.zoom;
    this.camera.y += (up * 60) / this.camera.zoom;
    this.wasMoved = true;
    this.redraw();
  },

  // To the nearest shown paper that way; from nowhere, to the one nearest to the middle.
  step([right, up]) {
    const { state, camera } = this;
    const from = state.focus >= 0 && !Number.isNaN(state.x[state.focus]) ? state.focus : -1;
    const [x, y] = from < 0 ? [camera.x, camera.y] : [state.x[from], state.y[from]];
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < state.n; i += 1) {
      if (!state.passing[i] || i === from) continue;
      const along = (state.x[i] - x) * right + (state.y[i] - y) * up;
      const aside = Math.abs((state.x[i] - x) * up) + Math.abs((state.y[i] - y) * right);
      if (from >= 0 && !(along > 0 && aside <= 1.2 * along)) continue;
      const away = Math.hypot(along, 1.6 * aside);
      if (away < least) [least, best] = [away, i];
    }
    if (best < 0) return;
    const [left, top] = this.place(state.x[best], state.y[best]);
    if (left < 20 || top < 20 || left > this.width - 20 || top > this.height - 20) {
      Object.assign(camera, { x: state.x[best], y: state.y[best] });
      this.wasMoved = true;
    }
    state.setFocus(best);
  },
});
