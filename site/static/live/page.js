// The figures of the page "Live models". Each loads its weights when it comes into view; the one
// that reads words, whose file is the largest, when it is used.
"use strict";

const HERE = document.currentScript.src.replace(/[^/]*$/, "");
const loaded = {};

// Scripts and not fetch(): a copy of the site that is opened from a folder works as well.
function runScript(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${HERE}${name}.js`;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${name}.js could not be loaded`));
    document.head.append(script);
  });
}

function load(name) {
  loaded[name] ??= runScript(name).then(() => decodeWeights(window.genimgWeights[name]));
  return loaded[name];
}

const pause = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// --- parts of a figure -----------------------------------------------------------------------------

function slider(text, { min, max, step, value }) {
  const input = element("input", { type: "range", min, max, step, value });
  const shown = element("output", { value });
  input.addEventListener("input", () => (shown.value = input.value));
  const label = labelled(text, input);
  label.append(shown);
  return { label, input, get value() { return Number(input.value); } };
}

function choice(text, options) {
  const select = element("select", {}, ...options.map(([value, name]) => element("option", { value }, name)));
  return { label: labelled(text, select), input: select, get value() { return Number(select.value); } };
}

function seedBox() {
  const input = element("input", { type: "number", value: 1, min: 0, step: 1 });
  return { label: labelled("Seed", input), input, get value() { return Number(input.value) >>> 0; } };
}

const COLOUR_STYLES = ["noto", "twemoji", "fluent"];
const DIGITS = [...Array(10).keys()].map((digit) => [digit, String(digit)]);

// A row of images; `draw` paints one, `say` tells readers of the screen what they show.
function canvas(count, scale = 4, size = SIZE) {
  const width = count * (size + 1) - 1; // a line between two
  const made = element("canvas", { width, height: size });
  made.style.width = `${width * scale}px`;
  made.setAttribute("role", "img");
  const context = made.getContext("2d");
  return {
    made,
    draw(image, place = 0) {
      const pixels = context.createImageData(size, size);
      const channels = image.length / size ** 2; // one or three
      for (let i = 0; i < size ** 2; i++) {
        const values = image.subarray(i * channels, (i + 1) * channels);
        const [red, green = red, blue = red] = values.map((value) => 255 * value);
        pixels.data.set([red, green, blue, 255], 4 * i); // which rounds and clips
      }
      context.putImageData(pixels, place * (size + 1), 0);
    },
    say: (text) => made.setAttribute("aria-label", text),
  };
}

function controls(...parts) {
  return element("div", { className: "live-controls" }, ...parts.map((part) => part.label ?? part));
}

// Runs `make` when it is called and whenever one of the inputs changes; a newer run ends an older.
function rerun(inputs, make) {
  let run = 0;
  const start = async (...given) => {
    const mine = ++run;
    await make(() => mine === run, ...given);
  };
  for (const { input } of inputs) input.addEventListener("input", start);
  return start;
}

// --- the figures -------------------------------------------------------------------------------------

const FIGURES = {
  async gan(place) {
    const weights = await load("gan");
    const [digit, seed] = [choice("Digit", DIGITS), seedBox()];
    const row = canvas(8);
    const start = rerun([digit, seed], () => {
      const random = randomNumbers(seed.value);
      const latentSize = weights.embedding.length / 10;
      for (let i = 0; i < 8; i++) row.draw(gan(weights, random.normal(latentSize), digit.value), i);
      row.say(`Eight samples of the digit ${digit.value}, seed ${seed.value}`);
    });
    place.append(controls(digit, seed, button("Other noise", () => (seed.input.value++, start()))), row.made);
    await start();
  },

  async vae(place) {
    const weights = await load("vae");
    const seed = seedBox();
    const walk = slider("Walk to the next sample", { min: 0, max: 1, step: 0.05, value: 0 });
    const moves = [0, 1, 2, 3].map((index) => slider(`Latent ${index + 1}, moved by`, { min: -3, max: 3, step: 0.25, value: 0 }));
    const row = canvas(3);
    const latents = (number) => {
      const random = randomNumbers(number);
      return fittedLatents(weights, random.normal(24), random.uniform());
    };
    const start = rerun([seed, walk, ...moves], () => {
      const [first, second] = [latents(seed.value), latents(seed.value + 1)];
      const between = first.map((v, i) => v + walk.value * (second[i] - v) + (moves[i]?.value ?? 0));
      [first, between, second].forEach((latent, i) => row.draw(vaeDecoder(weights, latent), i));
      row.say(`A sample, a point ${Math.round(100 * walk.value)} % of the way with its latents moved, and the next sample`);
    });
    const said = element("p", {}, "A sample, a point on the way with its latents moved, and the next sample");
    place.append(controls(seed, walk, ...moves), row.made, said);
    await start();
  },

  async gpt(place) {
    const weights = await load("image_gpt");
    const [digit, seed] = [choice("Digit", [...DIGITS, [NO_DIGIT, "any"]]), seedBox()];
    const guidance = slider("Guidance", { min: 0, max: 4, step: 0.25, value: 1.5 });
    const temperature = slider("Temperature", { min: 0, max: 1.5, step: 0.1, value: 1 });
    const row = canvas(4);
    const start = rerun([digit, seed, guidance, temperature], async (current) => {
      row.say("Image GPT is sampling");
      for (let i = 0; i < 4; i++) {
        const random = randomNumbers(seed.value * 4 + i);
        const options = { guidance: guidance.value, temperature: temperature.value, gumbel: () => random.gumbel(240) };
        for (const tokens of sampleTokens(weights, new Array(49).fill(-1), digit.value, options)) {
          const known = untokenise(weights, tokens.map((token) => Math.max(token, 0)));
          row.draw(known.map((v, p) => (tokens[patchOf(p)] < 0 ? 0.25 : v)), i);
          await pause();
          if (!current()) return;
        }
      }
      row.say(`Four samples of ${digit.value === NO_DIGIT ? "any digit" : `the digit ${digit.value}`}, seed ${seed.value}`);
    });
    place.append(controls(digit, seed, guidance, temperature, button("Sample again", () => (seed.input.value++, start()))), row.made);
    await start();
  },

  async diffusion(place) {
    const weights = await load("diffusion");
    const [digit, seed] = [choice("Digit", [...DIGITS, [NO_DIGIT, "any"]]), seedBox()];
    const steps = slider("Steps", { min: 1, max: 50, step: 1, value: 20 });
    const guidance = slider("Guidance", { min: 0, max: 4, step: 0.25, value: 1 });
    const row = canvas(4);
    const said = element("p", { role: "status" });
    const start = rerun([digit, seed, steps, guidance], async (current) => {
      const random = randomNumbers(seed.value);
      const paths = [0, 1, 2, 3].map(() => denoise(weights, random.normal(weights.mean.length), digit.value, steps.value, guidance.value));
      for (let step = 0; step <= steps.value; step++) {
        paths.forEach((path, i) => row.draw(latentImage(weights, path.next().value), i));
        said.textContent = `Step ${step} of ${steps.value}`;
        await pause(30);
        if (!current()) return;
      }
      row.say(`Four samples after ${steps.value} steps, seed ${seed.value}`);
    });
    place.append(controls(digit, seed, steps, guidance, button("Other noise", () => (seed.input.value++, start()))), row.made, said);
    await start();
  },

  async complete(place) {
    const [weights, generator] = await Promise.all([load("image_gpt"), load("gan")]);
    const [digit, seed] = [choice("Digit", DIGITS), seedBox()];
    const whole = canvas(1, 8);
    const patches = element("div", { className: "live-patches", role: "group" });
    patches.setAttribute("aria-label", "Patches, seven rows of seven; a pressed one is sampled again");
    const erased = new Set([...Array(21).keys()].map((patch) => patch + 28)); // the lower part
    const buttons = Array.from({ length: 49 }, (_, patch) => {
      const made = element("button", { type: "button" });
      made.setAttribute("aria-label", `Row ${Math.floor(patch / 7) + 1}, column ${(patch % 7) + 1}`);
      const set = (on) => {
        erased[on ? "add" : "delete"](patch);
        made.setAttribute("aria-pressed", String(on));
      };
      set(erased.has(patch));
      made.addEventListener("click", (event) => event.detail === 0 && set(!erased.has(patch)));
      made.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        painting = !erased.has(patch);
        set(painting);
      });
      made.addEventListener("pointerenter", (event) => event.buttons && set(painting));
      return made;
    });
    let painting = true;
    patches.append(...buttons);
    const start = rerun([digit, seed], async (current) => {
      const random = randomNumbers(seed.value);
      const original = gan(generator, randomNumbers(digit.value + 40).normal(generator.embedding.length / 10), digit.value);
      // erased before anything looks at it: the encoder sees across patches
      const kept = original.map((v, p) => (erased.has(patchOf(p)) ? 0 : v));
      const fixed = [...tokenise(weights, kept)].map((token, patch) => (erased.has(patch) ? -1 : token));
      const options = { guidance: 1, temperature: 1, gumbel: () => random.gumbel(240) };
      for (const tokens of sampleTokens(weights, fixed, digit.value, options)) {
        const image = untokenise(weights, tokens.map((token, i) => Math.max(token, fixed[i], 0)));
        whole.draw(original.map((v, p) => (!erased.has(patchOf(p)) ? v : tokens[patchOf(p)] < 0 ? 0.25 : image[p])));
        await pause(10);
        if (!current()) return;
      }
      whole.say(`A ${digit.value} of which ${erased.size} of 49 patches were sampled again`);
    });
    place.append(
      controls(digit, seed, button("Complete", start), button("Other completion", () => (seed.input.value++, start()))),
      element("div", { className: "live-complete" }, whole.made, patches),
    );
    await start();
  },

  async colour(place) {
    await runScript("vocabulary");
    const vocabulary = vocabularyOf(window.genimgVocabulary);
    const words = element("input", { type: "text", value: "a beautiful beach" });
    const style = choice("Style", [["", "any"], ...COLOUR_STYLES.map((name) => [name, name])]);
    const seed = seedBox();
    const row = canvas(4, 4, COLOUR_SIZE);
    row.made.hidden = true;
    const said = element("p", { role: "status" });
    const start = rerun([], async (current, text, number, unknown) => {
      said.textContent = `Loading the model. ${unknown}`;
      const weights = await load("text_flow");
      if (!current()) return;
      said.textContent = `Making four pictures. ${unknown}`;
      row.say("Four pictures, not finished");
      row.made.hidden = false;
      const random = randomNumbers(number);
      const tokens = encodeWords(vocabulary, text);
      const noise = () => random.normal(3 * COLOUR_SIZE ** 2);
      const paths = [0, 1, 2, 3].map(() => paint(weights, noise(), tokens, { steps: 20, guidance: 3 }));
      for (let step = 0; step <= 20; step++)
        for (const [i, path] of paths.entries()) {
          row.draw(path.next().value, i);
          await pause();
          if (!current()) return;
        }
      row.say(`Four pictures for “${text}”, seed ${number}`);
      said.textContent = `Four pictures for “${text}”, seed ${number}. ${unknown}`;
    });
    const ask = () => {
      try {
        const text = `${style.input.value} ${words.value}`.trim();
        const unknown = unknownWords(vocabulary, words.value);
        wordsOf(text); // one more with a style
        const note = unknown.length ? `Unknown: ${unknown.join(", ")}.` : "";
        start(text, seed.value, note).catch((error) => (said.textContent = error.message));
      } catch (error) {
        said.textContent = error.message; // the pictures stay as they are
      }
    };
    for (const { input } of [style, seed]) input.addEventListener("input", ask);
    const submit = element("button", { type: "submit" }, "Make pictures");
    const other = button("Other noise", () => (seed.input.value++, ask()));
    const form = element("form", {}, controls(labelled("Words", words), style, seed, submit, other));
    form.addEventListener("submit", (event) => (event.preventDefault(), ask()));
    place.append(form, row.made, said);
  },

  async race(place) {
    const said = element("p", { role: "status" });
    const body = element("tbody");
    const columns = ["Model", "This browser", "Python, one by one", "Python, 256 at once"];
    const heads = columns.map((text) => element("th", { scope: "col" }, text));
    const caption = element("caption", {}, "Images a second");
    const table = element("table", { className: "docutils live-race" }, caption, element("thead", {}, element("tr", {}, ...heads)), body);
    const run = async () => {
      body.replaceChildren();
      for (const [name, files, python, make] of RUNNERS) {
        said.textContent = `${name} runs`;
        const weights = await load(files);
        await pause(20);
        for (let i = 0; i < 2; i++) make(weights, i);
        const times = [];
        for (let i = 0; i < 5; i++) {
          const begin = performance.now();
          make(weights, i);
          times.push(performance.now() - begin);
          await pause();
        }
        const median = times.sort((a, b) => a - b)[2];
        const rates = [1000 / median, ...python].map((rate) => element("td", {}, Math.round(rate).toLocaleString("en")));
        body.append(element("tr", {}, element("th", { scope: "row" }, name), ...rates));
      }
      said.textContent = "Done. This browser made one image at a time; its rate is from the median of five.";
    };
    place.append(controls(button("Run the race", run)), table, said);
  },
};

const patchOf = (pixel) => Math.floor(Math.floor(pixel / SIZE) / 4) * 7 + Math.floor((pixel % SIZE) / 4);

const sampled = (weights, guidance, random) => {
  const options = { guidance, temperature: 1, gumbel: () => random.gumbel(240) };
  return untokenise(weights, [...sampleTokens(weights, new Array(49).fill(-1), 3, options)].at(-1));
};
const RUNNERS = [
  ["GAN", "gan", window.genimgRace.gan, (w, i) => gan(w, randomNumbers(i).normal(w.embedding.length / 10), 3)],
  ["VAE, fitted prior", "vae", window.genimgRace.vae, (w, i) => vaeDecoder(w, fittedLatents(w, randomNumbers(i).normal(24), randomNumbers(i).uniform()))],
  ["Image GPT, cached", "image_gpt", window.genimgRace.image_gpt, (w, i) => sampled(w, 1.5, randomNumbers(i))],
  ["Diffusion, 20 steps", "diffusion", window.genimgRace.diffusion_20, (w, i) => latentImage(w, [...denoise(w, randomNumbers(i).normal(w.mean.length), 3, 20, 1)].at(-1))],
  ["Diffusion, 8 steps", "diffusion", window.genimgRace.diffusion_8, (w, i) => latentImage(w, [...denoise(w, randomNumbers(i).normal(w.mean.length), 3, 8, 1)].at(-1))],
];

// A figure starts when it comes near, so that a page that is only skimmed loads little.
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      FIGURES[target.dataset.figure](target).catch((error) => {
        target.append(element("p", { role: "alert" }, `This figure cannot run here: ${error.message}`));
      });
    }
  },
  { rootMargin: "200px" },
);
document.querySelectorAll(".live").forEach((place) => watcher.observe(place));
document.querySelector(".live-picture")?.setAttribute("hidden", "");
