// Points drawn by the processor into the pixels of a picture: as fluid without a graphics card as with one,
// the same on every machine, and without the limit of a browser on its number of graphics contexts.

// Signed distance of a place to the edge of a shape of about radius 1; negative inside.
const DISTANCES = [
  (x, y) => Math.hypot(x, y) - 1,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) - 0.88,
  (x, y) => (Math.abs(x) + Math.abs(y) - 1.18) * 0.74,
  (x, y) => Math.max(y - 0.72, Math.abs(x) * 0.87 - y * 0.5 - 0.56),
  (x, y) => {
    const angle = Math.atan2(x, -y);
    const turn = ((angle * 5) / (2 * Math.PI) + 100.5) % 1;
    const edge = 1.22 - 0.62 * Math.abs(turn - 0.5) * 2;
    return (Math.hypot(x, y) - edge) * 0.8;
  },
  (x, y) => Math.max(-y - 0.72, Math.abs(x) * 0.87 + y * 0.5 - 0.56),
  (x, y) => Math.max(Math.min(Math.abs(x), Math.abs(y)) - 0.38, Math.max(Math.abs(x), Math.abs(y)) - 1.08),
  (x, y) => Math.abs(Math.hypot(x, y) - 0.8) - 0.24,
];
const stamps = new Map();

// How much of each pixel a shape covers, of 256, and how much a rim around it does.
function cutStamp(shape, radius, rim, opacity) {
  const name = `${shape} ${radius} ${rim} ${opacity}`;
  if (!stamps.has(name)) {
    const reach = Math.ceil((radius + rim) * 1.25 + 0.5);
    const width = 2 * reach + 1;
    const inside = new Uint16Array(width * width);
    const around = new Uint16Array(width * width);
    const cover = (distance) => Math.round(256 * opacity * Math.min(Math.max(0.5 - distance, 0), 1));
    for (let y = -reach, at = 0; y <= reach; y += 1) {
      for (let x = -reach; x <= reach; x += 1, at += 1) {
        const distance = DISTANCES[shape](x / radius, y / radius) * radius;
        inside[at] = cover(distance);
        around[at] = rim ? cover(distance - rim) : 0;
      }
    }
    stamps.set(name, { reach, width, inside, around });
  }
  return stamps.get(name);
}

function blend(pixels, at, colour, cover) {
  if (cover >= 256) {
    pixels[at] = colour;
    return;
  }
  // Red and blue in one multiplication, green in another.
  const under = pixels[at];
  const redBlue = under & 0xff00ff;
  const green = under & 0x00ff00;
  const mixedRedBlue = redBlue + (Math.imul((colour & 0xff00ff) - redBlue, cover) >> 8);
  const mixedGreen = green + (Math.imul((colour & 0x00ff00) - green, cover) >> 8);
  pixels[at] = 0xff000000 | (mixedRedBlue & 0xff00ff) | (mixedGreen & 0x00ff00);
}

function press(pixels, size, cover, left, top, width, colour) {
  const from = Math.max(0, -left);
  const to = Math.min(width, size.width - left);
  for (let y = Math.max(0, -top); y < width && top + y < size.height; y += 1) {
    const line = (top + y) * size.width + left;
    for (let x = from; x < to; x += 1) {
      const held = cover[y * width + x];
      if (held) blend(pixels, line + x, colour, held);
    }
  }
}

export class Raster {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
  }

  begin(width, height, background) {
    if (this.canvas.width !== width || this.canvas.height !== height || !this.image) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = this.context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.background = background;
    this.pixels.fill(background);
  }

  // Some papers at their places, `zoom` pixels per unit and moved by `dx` and `dy`.
  draw(rows, { x, y, zoom, dx, dy, colours, shapeOf, radius, rim, opacity }) {
    const size = this.canvas;
    const cut = new Array(DISTANCES.length).fill(null);
    for (let k = 0; k < rows.length; k += 1) {
      const i = rows[k];
      const shape = shapeOf ? shapeOf(i) : 0;
      const stamp = (cut[shape] ??= cutStamp(shape, radius, rim, opacity));
      const left = Math.round(x[i] * zoom + dx) - stamp.reach;
      const top = Math.round(dy - y[i] * zoom) - stamp.reach;
      if (!(left + stamp.width > 0 && top + stamp.width > 0 && left < size.width && top < size.height)) continue;
      if (rim) press(this.pixels, size, stamp.around, left, top, stamp.width, this.background);
      press(this.pixels, size, stamp.inside, left, top, stamp.width, typeof colours === "number" ? colours : colours[i]);
    }
  }

  end() {
    this.context.putImageData(this.image, 0, 0);
  }
}
