// The shipped models. Images are Float32Arrays of intensities in [0, 1], 28 x 28 in grey or
// 32 x 32 x 3 in colour; what is random comes in as an argument.
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

function timeFeatures(time) {
  const angles = Float32Array.from({ length: 16 }, (_, i) => time * 2 * Math.exp((i / 15) * Math.log(100)));
  return Float32Array.of(...angles.map(Math.sin), ...angles.map(Math.cos));
}

function velocity(weights, latents, time, label) {
  const w = weights;
  const embedding = rowOf(w.embedding, label, w.time.bias.length);
  const context = silu(add(dense(timeFeatures(time), w.time), embedding));
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

// The second part of a block, for one position
function throughHidden(x, block) {
  return add(x, dense(relu(dense(rmsNormalised(x, block.norm_1), block.widen)), block.narrow));
}

// One position through the transformer; `cache` holds the keys and values of those before it
function nextLogits(weights, token, label, position, cache) {
  const w = weights;
  const row = (table, index) => rowOf(table, index, w.norm.scale.length);
  let x = add(add(row(w.tokens, token), row(w.conditions, label)), row(w.positions, position));
  w.blocks.forEach((block, depth) => {
    const [query, key, value] = split(dense(rmsNormalised(x, block.norm_0), block.project_in), 3);
    const { keys, values } = (cache[depth] ??= { keys: [], values: [] });
    keys.push(key);
    values.push(value);
    x = add(x, dense(attend(query, keys, values, 2), block.project_out));
    x = throughHidden(x, block);
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

// --- words and pictures in colour ----------------------------------------------------------------

const COLOUR_SIZE = 32;
const PATCH = 8;
const PATCHES = COLOUR_SIZE / PATCH; // a side
const CONTRAST = 0.5; // the flow's pixels lie in [-0.5, 0.5]
const FLOW_HEADS = 4;
const LONGEST_PROMPT = 24;

// Known words, as tools/_live_weights.py lists them -> their tokens
const vocabularyOf = (words) => new Map(words.map((word, index) => [word, index + 2]));

// English words in small letters, without accents, and Chinese characters, each one alone
function wordsOf(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const found = plain.replaceAll("\u2019", "'").match(/[a-z0-9]+(?:'[a-z]+)*|[\u3400-\u9fff]/g) ?? [];
  if (found.length === 0) throw new Error(`“${text}” has no word in English or Chinese.`);
  if (found.length > LONGEST_PROMPT)
    throw new Error(`At most ${LONGEST_PROMPT} words and characters are read; these are ${found.length}.`);
  return found;
}

const unknownWords = (vocabulary, text) => wordsOf(text).filter((word) => !vocabulary.has(word));

// 24 tokens: 0 behind the end, 1 for an unknown word
function encodeWords(vocabulary, text) {
  const tokens = new Int32Array(LONGEST_PROMPT);
  wordsOf(text).forEach((word, index) => (tokens[index] = vocabulary.get(word) ?? 1));
  return tokens;
}

// Tokens -> a vector for each patch
function readWords(weights, tokens) {
  const w = weights;
  const width = w.norm.scale.length;
  let rows = split(w.positions, tokens.length);
  rows = rows.map((position, index) => add(rowOf(w.embedding, tokens[index], width), position));
  for (const block of w.blocks) {
    const mixed = attendToAll(rows.map((row) => rmsNormalised(row, block.norm_0)), block, FLOW_HEADS);
    rows = rows.map((row, index) => throughHidden(add(row, mixed[index]), block));
  }
  rows = rows.map((row) => rmsNormalised(row, w.norm));
  const [keys, values] = [w.key, w.value].map((layer) => rows.map((row) => dense(row, layer)));
  const queries = split(w.queries, PATCHES ** 2).map((query) => dense(query, w.query));
  return queries.map((query) => dense(attend(query, keys, values, 2 * FLOW_HEADS), w.output));
}

// A block whose norms are scaled and shifted, and whose two parts are gated
function modulatedBlock(rows, block, modulation) {
  const parts = split(add(modulation, block.table), 6);
  const [norm, norm_2] = [0, 3].map((at) => ({ beta: parts[at], gamma: parts[at + 1].map((v) => 1 + v) }));
  const mixed = attendToAll(rows.map((row) => layerNormalised(row, norm)), block, FLOW_HEADS);
  return rows.map((row, index) => {
    const x = add(row, multiply(parts[2], mixed[index]));
    const hidden = gelu(dense(layerNormalised(x, norm_2), block.widen));
    return add(x, multiply(parts[5], dense(hidden, block.narrow)));
  });
}

// The pixels that the flow expects at the end of the way
function expectedPixels(weights, pixels, time, read) {
  const w = weights;
  const mean = read.reduce(add).map((v) => v / read.length);
  const context = add(dense(timeFeatures(time), w.time), dense(mean, w.words));
  const modulation = dense(silu(context), w.modulation);
  const positions = split(w.positions, read.length);
  let rows = split(spaceToDepth(pixels, PATCHES, PATCH), read.length).map((patch, index) =>
    add(add(dense(patch, w.embed), positions[index]), read[index]),
  );
  for (const block of w.blocks) rows = modulatedBlock(rows, block, modulation);
  const plain = { gamma: mean.map(() => 1), beta: mean.map(() => 0) };
  const patches = new Float32Array(pixels.length);
  rows.forEach((row, index) => {
    const patch = dense(layerNormalised(row, plain), w.head);
    patches.set(patch, index * patch.length);
  });
  return depthToSpace(patches, PATCHES, PATCH);
}

const clipped = (x, low, high) => x.map((v) => Math.min(high, Math.max(low, v)));

// The picture after each step, the noise first
function* paint(weights, noise, tokens, { steps, guidance }) {
  const read = readWords(weights.reader, tokens);
  const readNothing = readWords(weights.reader, tokens.map(() => 0));
  const picture = (pixels) => clipped(pixels.map((v) => (v / CONTRAST + 1) / 2), 0, 1);
  let pixels = noise;
  yield picture(pixels);
  for (let step = 0; step < steps; step++) {
    let expected = expectedPixels(weights, pixels, step / steps, read);
    if (guidance !== 1) {
      const free = expectedPixels(weights, pixels, step / steps, readNothing);
      expected = expected.map((v, i) => free[i] + guidance * (v - free[i]));
      expected = clipped(expected, -CONTRAST, CONTRAST);
    }
    pixels = pixels.map((v, i) => v + (expected[i] - v) / (steps - step));
    yield picture(pixels);
  }
}
