// Brings a picture to the size of a network, as Sightline does: `core/images/decoding/fitting.py` and
// `resize.py` say what, and Pillow how, whose numbers come out to the last bit. A browser's own scaling is
// neither bicubic nor the same in any two browsers.
"use strict";

globalThis.Preparation = (() => {
  const THIN = 4;
  const MOST_PARTS = 32;

  // Pillow's filters and how far they reach (libImaging/Resample.c).
  const FILTERS = {
    bilinear: [1, (x) => Math.max(0, 1 - Math.abs(x))],
    bicubic: [
      2,
      (x) => {
        const far = Math.abs(x);
        if (far < 1) return (1.5 * far - 2.5) * far * far + 1;
        return far < 2 ? (((far - 5) * far + 8) * far - 4) * -0.5 : 0;
      },
    ],
    lanczos: [3, (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0)],
  };

  function sinc(x) {
    return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }

  function stretch(width, height, input) {
    const ratio = (width * input.height) / (height * input.width);
    return Math.max(ratio, 1 / ratio);
  }

  /** Left, top, right and bottom of each view: one, two of `both`, or the parts of a thin picture. */
  function boxes(width, height, input) {
    const ratio = stretch(width, height, input);
    if (ratio >= THIN && input.inParts) return partBoxes(width, height, input, ratio);
    if (ratio >= THIN && input.thinCropped) return [box(width, height, input, "crop", 1)];
    const views = input.fit === "both" ? ["squash", "crop"] : [input.fit];
    return views.map((view) => box(width, height, input, view, input.cropShare));
  }

  function partBoxes(width, height, input, ratio) {
    const parts = Math.min(Math.ceil(ratio), MOST_PARTS);
    const share = Math.max(1 / ratio, 1 / parts);
    const across = width * input.height > height * input.width;
    return Array.from({ length: parts }, (_, part) => {
      const start = ((1 - share) * part) / (parts - 1);
      return across
        ? [width * start, 0, Math.min(width * (start + share), width), height]
        : [0, height * start, width, Math.min(height * (start + share), height)];
    });
  }

  function box(width, height, input, view, share) {
    if (view === "squash") return [0, 0, width, height];
    const scale = Math.min(width / input.width, height / input.height) * share;
    const left = Math.max(width - input.width * scale, 0) / 2;
    const top = Math.max(height - input.height * scale, 0) / 2;
    return [left, top, width - left, height - top];
  }

  const BITS = 22;

  /** For each pixel of the result the first one that it is made of, how many, and their shares in 2^-22. */
  function shares(size, start, end, count, [reach, filter]) {
    const scale = Math.fround(end - start) / count;
    const wide = Math.max(scale, 1);
    const support = reach * wide;
    return Array.from({ length: count }, (_, index) => {
      const centre = start + (index + 0.5) * scale;
      const first = Math.max(Math.trunc(centre - support + 0.5), 0);
      const last = Math.min(Math.trunc(centre + support + 0.5), size);
      const own = new Float64Array(Math.max(last - first, 0));
      let sum = 0;
      for (let x = 0; x < own.length; x++) {
        own[x] = filter((x + first - centre + 0.5) * (1 / wide));
        sum += own[x];
      }
      const whole = Int32Array.from(own, (each) => {
        const share = (sum === 0 ? each : each / sum) * (1 << BITS);
        return Math.trunc(share < 0 ? share - 0.5 : share + 0.5);
      });
      return { first, whole };
    });
  }

  function clipped(sum) {
    const value = sum >> BITS;
    return value < 0 ? 0 : value > 255 ? 255 : value;
  }

  const HALF = 1 << (BITS - 1);
  const STRIP = 256;

  /** Scales rows: bytes with `step` of them a pixel, of which three are colours, into RGB from `target` on. */
  function scaleRows(data, step, size, count, columns, found, target) {
    for (let row = 0; row < count; row++) {
      for (const { first, whole } of columns) {
        for (let colour = 0; colour < 3; colour++) {
          let sum = HALF;
          let place = (row * size + first) * step + colour;
          for (let index = 0; index < whole.length; index++, place += step) sum += data[place] * whole[index];
          found[target++] = clipped(sum);
        }
      }
    }
  }

  /** Scales columns of RGB; the rows that are there begin with row `from` of the picture. */
  function scaleColumns(data, width, rows, from) {
    const line = width * 3;
    const found = new Uint8Array(rows.length * line);
    rows.forEach(({ first, whole }, y) => {
      for (let x = 0; x < line; x++) {
        let sum = HALF;
        let place = (first - from) * line + x;
        for (let index = 0; index < whole.length; index++, place += line) sum += data[place] * whole[index];
        found[y * line + x] = clipped(sum);
      }
    });
    return found;
  }

  /** Scales columns of the picture itself, a strip of it at a time. */
  function scaleStrips(picture, rows) {
    const line = picture.width * 3;
    const sums = new Int32Array(rows.length * line).fill(HALF);
    const end = Math.max(...rows.map(({ first, whole }) => first + whole.length));
    for (let top = rows[0].first; top < end; top += STRIP) {
      const count = Math.min(STRIP, end - top);
      const data = picture.rows(top, count);
      rows.forEach(({ first, whole }, y) => {
        const last = Math.min(first + whole.length, top + count);
        for (let row = Math.max(first, top); row < last; row++) {
          const share = whole[row - first];
          let place = (row - top) * picture.width * 4;
          let target = y * line;
          for (let x = 0; x < picture.width; x++, place += 4) {
            sums[target++] += data[place] * share;
            sums[target++] += data[place + 1] * share;
            sums[target++] += data[place + 2] * share;
          }
        }
      });
    }
    return Uint8Array.from(sums, clipped);
  }

  /** A side that stays as it is: each pixel is made of itself alone. */
  function kept(count) {
    return Array.from({ length: count }, (_, first) => ({ first, whole: Int32Array.of(1 << BITS) }));
  }

  /**
   * Pillow's two passes, each rounded to bytes. From Pillow 13 on, the columns come first where the height
   * shrinks by more than twice as many pixels as the width; the other order gives other pixels.
   */
  function filtered(picture, [left, top, right, bottom], input, filter) {
    const { width, height } = input;
    const across = picture.width !== width || left !== 0 || right !== width;
    const down = picture.height !== height || top !== 0 || bottom !== height;
    const columns = across ? shares(picture.width, left, right, width, filter) : kept(width);
    const rows = down ? shares(picture.height, top, bottom, height, filter) : kept(height);
    const shrinks = picture.height - height;
    if (shrinks > 0 && shrinks > 2 * (picture.width - width)) {
      const found = new Uint8Array(height * width * 3);
      scaleRows(scaleStrips(picture, rows), 3, picture.width, height, columns, found, 0);
      return found;
    }
    const from = rows[0].first;
    const end = rows[height - 1].first + rows[height - 1].whole.length;
    const narrow = new Uint8Array((end - from) * width * 3);
    for (let y = from; y < end; y += STRIP) {
      const count = Math.min(STRIP, end - y);
      scaleRows(picture.rows(y, count), 4, picture.width, count, columns, narrow, (y - from) * width * 3);
    }
    return scaleColumns(narrow, width, rows, from);
  }

  /** One pixel for each of the result, at places added up as Pillow adds them (libImaging/Geometry.c). */
  function nearest(picture, [left, top, right, bottom], input) {
    const places = (start, end, count) => {
      const step = Math.fround(end - start) / count;
      let place = start + step * 0.5;
      return Array.from({ length: count }, () => {
        const found = Math.trunc(place);
        place += step;
        return found;
      });
    };
    const columns = places(left, right, input.width);
    const found = new Uint8Array(input.width * input.height * 3);
    let target = 0;
    for (const y of places(top, bottom, input.height)) {
      if (y < 0 || y >= picture.height) {
        target += input.width * 3;
        continue;
      }
      const data = picture.rows(y, 1);
      for (const x of columns) {
        for (let colour = 0; colour < 3; colour++) {
          found[target++] = x >= 0 && x < picture.width ? data[x * 4 + colour] : 0;
        }
      }
    }
    return found;
  }

  /** Bilinear of the four nearest pixels in float32, whatever the size, as `tf.image.resize` does. */
  function fourPixels(picture, [left, top, right, bottom], input) {
    const between = (start, end, count, size) => Array.from({ length: count }, (_, index) => {
      const place = start + (index + 0.5) * ((end - start) / count) - 0.5;
      const first = Math.floor(place);
      const second = Math.fround(place - first);
      const inside = (value) => Math.min(Math.max(value, 0), size - 1);
      return { before: inside(first), after: inside(first + 1), second, first: Math.fround(1 - second) };
    });
    const mixed = (one, other, share) =>
      Math.fround(Math.fround(one * share.first) + Math.fround(other * share.second));
    const columns = between(left, right, input.width, picture.width);
    const found = new Uint8Array(input.width * input.height * 3);
    let target = 0;
    for (const down of between(top, bottom, input.height, picture.height)) {
      const above = picture.rows(down.before, 1).slice();
      const below = picture.rows(down.after, 1);
      for (const across of columns) {
        for (let colour = 0; colour < 3; colour++) {
          const [before, after] = [across.before * 4 + colour, across.after * 4 + colour];
          const one = mixed(above[before], below[before], down);
          const other = mixed(above[after], below[after], down);
          found[target++] = Math.trunc(Math.fround(mixed(one, other, across) + 0.5));
        }
      }
    }
    return found;
  }

  /**
   * Brings a picture to the size of a network.
   *
   * picture: width, height, and rows(top, count), which gives RGBA bytes.
   * input: height, width, fit, cropShare, resample, inParts, thinCropped.
   * Returns RGB bytes, height x width x 3, for each view.
   */
  function fitted(picture, input) {
    return boxes(picture.width, picture.height, input).map((found) => {
      if (input.resample === "keras") return fourPixels(picture, found, input);
      const sides = found.map(Math.fround); // Pillow keeps them so
      if (input.resample === "nearest") return nearest(picture, sides, input);
      return filtered(picture, sides, input, FILTERS[input.resample]);
    });
  }

  return { fitted };
})();
