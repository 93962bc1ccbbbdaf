// The layers that the shipped models are made of, in plain JavaScript, on Float32Arrays.
// Equal to Keras up to rounding: tests/test_site.py compares every model.
"use strict";

// base64 of little-endian 16-bit floats -> Float32Array
function fromHalf(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const halves = new Uint16Array(bytes.buffer);
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return exponent === 31 ? sign * Infinity : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

const relu = (x) => x.map((v) => (v > 0 ? v : 0));
const silu = (x) => x.map((v) => v / (1 + Math.exp(-v)));
const sigmoid = (x) => x.map((v) => 1 / (1 + Math.exp(-v)));
const add = (x, y) => x.map((v, i) => v + y[i]);
const multiply = (x, y) => x.map((v, i) => v * y[i]);

// x Phi(x), with the error function to 1.5e-7: Abramowitz and Stegun, 7.1.26
const ERF = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];
function gelu(x) {
  return x.map((v) => {
    const t = 1 / (1 + 0.3275911 * Math.abs(v) * Math.SQRT1_2);
    const tail = ERF.reduceRight((sum, a) => (sum + a) * t, 0) * Math.exp((-v * v) / 2); // 1 - erf
    return v * (v < 0 ? tail / 2 : 1 - tail / 2);
  });
}

// A row of a table, and a table as its rows
const rowOf = (table, index, width) => table.subarray(index * width, (index + 1) * width);
const split = (x, count) => Array.from({ length: count }, (_, i) => rowOf(x, i, x.length / count));

// One row x kernel (inputs, outputs) + bias
function dense(x, { kernel, bias }) {
  const outputs = kernel.length / x.length;
  const result = bias ? Float32Array.from(bias) : new Float32Array(outputs);
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    if (value === 0) continue;
    for (let o = 0, k = i * outputs; o < outputs; o++, k++) result[o] += value * kernel[k];
  }
  return result;
}

// An image (size, size, channels) with a kernel (side, side, channels, filters), zero padding
function convolve(x, size, { kernel, bias }, side = 3) {
  const channels = x.length / (size * size);
  const filters = kernel.length / (side * side * channels);
  const reach = (side - 1) / 2;
  const result = new Float32Array(size * size * filters);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const to = (row * size + column) * filters;
      if (bias) result.set(bias, to);
      for (let dy = 0; dy < side; dy++)
        for (let dx = 0; dx < side; dx++) {
          const y = row + dy - reach;
          const z = column + dx - reach;
          if (y < 0 || z < 0 || y >= size || z >= size) continue;
          const from = (y * size + z) * channels;
          for (let c = 0; c < channels; c++) {
            const value = x[from + c];
            if (value === 0) continue;
            let k = ((dy * side + dx) * channels + c) * filters;
            for (let f = 0; f < filters; f++, k++) result[to + f] += value * kernel[k];
          }
        }
    }
  return result;
}

// (size, size, block^2 c) -> (block size, block size, c)
function depthToSpace(x, size, block) {
  const depth = x.length / (size * size);
  const channels = depth / (block * block);
  const result = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const inner = i % depth;
    const cell = (i - inner) / depth;
    const part = Math.floor(inner / channels);
    const row = Math.floor(cell / size) * block + Math.floor(part / block);
    const column = (cell % size) * block + (part % block);
    result[(row * size * block + column) * channels + (inner % channels)] = x[i];
  }
  return result;
}

// (block size, block size, c) -> (size, size, block^2 c)
function spaceToDepth(x, size, block) {
  const order = depthToSpace(Float32Array.from(x, (_, i) => i), size, block);
  const result = new Float32Array(x.length);
  order.forEach((from, to) => (result[from] = x[to]));
  return result;
}

function batchNormalised(x, { gamma, beta, mean, variance }) {
  const channels = gamma.length;
  return x.map((v, i) => {
    const c = i % channels;
    return ((v - mean[c]) / Math.sqrt(variance[c] + 1e-3)) * gamma[c] + beta[c];
  });
}

function layerNormalised(x, { gamma, beta }) {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return x.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-3)) * gamma[i] + beta[i]);
}

function rmsNormalised(x, { scale }) {
  const square = x.reduce((sum, v) => sum + v * v, 0) / x.length;
  return x.map((v, i) => (v / Math.sqrt(square + 1e-6)) * scale[i]);
}

// One query looks at rows of keys, every head at its own part of them -> the values, mixed
function attend(query, keys, values, heads) {
  const size = query.length / heads;
  const mixed = new Float32Array(query.length);
  for (let start = 0; start < query.length; start += size) {
    const scores = keys.map((key) => {
      let score = 0;
      for (let i = start; i < start + size; i++) score += query[i] * key[i];
      return score / Math.sqrt(size);
    });
    const highest = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - highest));
    const total = shares.reduce((sum, share) => sum + share, 0);
    values.forEach((value, index) => {
      const share = shares[index] / total;
      for (let i = start; i < start + size; i++) mixed[i] += share * value[i];
    });
  }
  return mixed;
}

// Every row looks at all rows
function attendToAll(rows, { project_in, project_out }, heads) {
  const projected = rows.map((row) => split(dense(row, project_in), 3));
  const [keys, values] = [1, 2].map((part) => projected.map((parts) => parts[part]));
  return projected.map(([query]) => dense(attend(query, keys, values, heads), project_out));
}

// Random numbers from a seed: uniform in (0, 1), standard normal, standard Gumbel
function randomNumbers(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  const normal = () =>
    Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const gumbel = () => -Math.log(-Math.log(uniform()));
  const many = (next) => (count) => Float32Array.from({ length: count }, next);
  return { uniform, normal: many(normal), gumbel: many(gumbel) };
}

// The weights of a model, as written by tools/_live_weights.py: texts become Float32Arrays
function decodeWeights(part) {
  if (typeof part === "string") return fromHalf(part);
  if (Array.isArray(part)) return part.map(decodeWeights);
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, decodeWeights(value)]));
}
