// The shipped models. Images are Float32Arrays of 28 x 28 intensities in [0, 1]; what is random
// comes in as an argument.
"use strict";

const SIZE = 28;

function gan(weights, latents, label) {
  const w = weights;
  const embedding = w.embedding.subarray(label * latents.length, (label + 1) * latents.length);
  const input = Float32Array.of(...latents, ...embedding);
  let x = relu(batchNormalised(dense(input, w.dense), w.norm_0));
  x = depthToSpace(convolve(x, 7, w.conv_0), 7, 2);
  x = relu(batchNormalised(x, w.norm_1));
  x = relu(batchNormalised(convolve(x, 14, w.conv_1), w.norm_2));
  x = depthToSpace(convolve(x, 14, w.conv_2), 14, 2);
  return x.map((v) => (Math.tanh(v) + 1) / 2);
}

function vaeDecoder(weights, latents) {
  const w = weights;
  let x = silu(dense(silu(dense(latents, w.dense_0)), w.dense_1));
  x = convolve(silu(convolve(x, 7, w.conv)), 7, w.patches);
  return sigmoid(depthToSpace(depthToSpace(x, 7, 2), 14, 2));
}

// Standard normal noise and a uniform number -> a latent of the fitted mixture
function fittedLatents(weights, noise, uniform) {
  const shares = weights.prior_weights;
  let component = 0;
  for (let sum = shares[0]; sum < uniform && component + 1 < shares.length; ) sum += shares[++component];
  const size = noise.length;
  return noise.map((_, i) => {
    let value = weights.prior_means[component * size + i];
    for (let j = 0; j < size; j++)
      value += weights.prior_factors[(component * size + i) * size + j] * noise[j];
    return value;
  });
}

// --- diffusion -----------------------------------------------------------------------------------

const NO_DIGIT = 10;

function velocity(weights, latents, time, label) {
  const w = weights;
  const angles = Float32Array.from({ length: 16 }, (_, i) => time * 2 * Math.exp((i / 15) * Math.log(100)));
  const features = Float32Array.of(...angles.map(Math.sin), ...angles.map(Math.cos));
  const width = w.time.bias.length;
  const embedding = w.embedding.subarray(label * width, (label + 1) * width);
  const context = silu(add(dense(features, w.time), embedding));
  let x = dense(latents, w.input);
  for (const block of w.blocks) {
    const hidden = add(dense(layerNormalised(x, block.norm), block.hidden), dense(context, block.context));
    x = add(x, dense(silu(hidden), block.out));
  }
  return dense(x, w.output);
}

// The latents after each step, the noise first
function* denoise(weights, noise, label, steps, guidance) {
  let x = noise;
  yield x;
  for (let step = 0; step < steps; step++) {
    const time = step / steps;
    let v = velocity(weights, x, time, label);
    if (guidance !== 1) {
      const free = velocity(weights, x, time, NO_DIGIT);
      v = v.map((value, i) => free[i] + guidance * (value - free[i]));
    }
    x = x.map((value, i) => value + v[i] / steps);
    yield x;
  }
}

// Where the latents are on their way, as an image: what the model now expects at the end
function latentImage(weights, latents) {
  return vaeDecoder(weights.codec, latents.map((v, i) => v * weights.scale[i] + weights.mean[i]));
}

// --- tokens --------------------------------------------------------------------------------------

const LEVELS = [8, 6, 5];
const GRID = 7;

function tokenCodes(token) {
  let rest = token;
  return LEVELS.map((levels) => {
    const code = (rest % levels) - Math.floor(levels / 2);
    rest = Math.floor(rest / levels);
    return code / Math.floor(levels / 2);
  });
}

// Image -> 49 tokens
function tokenise(weights, image) {
  const w = weights;
  let x = spaceToDepth(image.map((v) => 2 * v - 1), GRID, 4);
  for (const layer of [w.encoder_0, w.encoder_1]) x = silu(convolve(x, GRID, layer));
  x = convolve(x, GRID, w.encoder_2, 1);
  const tokens = new Int32Array(GRID * GRID);
  let basis = 1;
  LEVELS.forEach((levels, d) => {
    const half = ((levels - 1) * 1.001) / 2;
    const offset = levels % 2 ? 0 : 0.5;
    for (let i = 0; i < tokens.length; i++) {
      const bounded = Math.tanh(x[i * 3 + d] + Math.atanh(offset / half)) * half - offset;
      tokens[i] += (Math.round(bounded) + Math.floor(levels / 2)) * basis;
    }
    basis *= levels;
  });
  return tokens;
}

// Tokens -> image
function untokenise(weights, tokens) {
  const w = weights;
  let x = Float32Array.from([...tokens].flatMap(tokenCodes));
  for (const layer of [w.decoder_0, w.decoder_1]) x = silu(convolve(x, GRID, layer));
  return sigmoid(depthToSpace(convolve(x, GRID, w.decoder_2), GRID, 4));
}

// One position through the transformer; `cache` holds the keys and values of those before it
function nextLogits(weights, token, label, position, cache) {
  const w = weights;
  const width = w.norm.scale.length;
  const heads = 2;
  const size = width / heads;
  const row = (table, index) => table.subarray(index * width, (index + 1) * width);
  let x = add(add(row(w.tokens, token), row(w.conditions, label)), row(w.positions, position));
  w.blocks.forEach((block, depth) => {
    const projected = dense(rmsNormalised(x, block.norm_0), block.project_in);
    const past = (cache[depth] ??= []);
    past.push(projected);
    const mixed = new Float32Array(width);
    for (let head = 0; head < heads; head++) {
      const start = head * size;
      const scores = past.map((other) => {
        let score = 0;
        for (let i = start; i < start + size; i++) score += projected[i] * other[width + i];
        return score / Math.sqrt(size);
      });
      const highest = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - highest));
      const total = shares.reduce((sum, share) => sum + share, 0);
      past.forEach((other, index) => {
        const share = shares[index] / total;
        for (let i = start; i < start + size; i++) mixed[i] += share * other[2 * width + i];
      });
    }
    x = add(x, dense(mixed, block.project_out));
    x = add(x, dense(relu(dense(rmsNormalised(x, block.norm_1), block.widen)), block.narrow));
  });
  return dense(rmsNormalised(x, w.norm), w.head);
}

// Tokens one after the other; `fixed` has a token where it is given and -1 where it is sampled.
// `gumbel` gives the noise of each position: 240 numbers.
function* sampleTokens(weights, fixed, label, { guidance, temperature, gumbel }) {
  const tokens = Int32Array.from(fixed).fill(-1);
  const guided = guidance !== 1 && label !== NO_DIGIT;
  const [cache, freeCache] = [[], []];
  let last = 240; // the start
  for (let position = 0; position < tokens.length; position++) {
    let logits = nextLogits(weights, last, label, position, cache);
    if (guided) {
      const free = nextLogits(weights, last, NO_DIGIT, position, freeCache);
      logits = logits.map((value, i) => free[i] + guidance * (value - free[i]));
    }
    const noise = gumbel(position);
    let best = 0;
    for (let i = 1; i < logits.length; i++)
      if (logits[i] + temperature * noise[i] > logits[best] + temperature * noise[best]) best = i;
    last = fixed[position] < 0 ? best : fixed[position];
    tokens[position] = last;
    yield tokens;
  }
}
