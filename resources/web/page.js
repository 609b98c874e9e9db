// Takes a picture, prepares it, asks the model in the worker, and shows what it says.
"use strict";

(() => {
  const { facts, model } = globalThis.sightlineModel;
  const runtime = globalThis.sightlineRuntime;
  const MAX_PIXELS = 50_000_000;
  const TOP = 5;
  const part = (id) => document.getElementById(id);
  const drop = part("drop");
  let latest = 0;
  let shown = "";

  class Problem extends Error {
    constructor(sentence, advice = "") {
      super(sentence);
      this.advice = advice;
    }
  }

  function show(name) {
    for (const id of ["working", "problem", "answer"]) part(id).hidden = id !== name;
  }

  function showProblem(problem) {
    part("problem-sentence").textContent = problem.message;
    part("problem-advice").textContent = problem.advice ?? "";
    show("problem");
  }

  // ---- the model

  async function unpacked(text) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  }

  function start() {
    const waiting = new Map();
    const fail = (said) => new Problem(
      `The model doesn't start in this browser: ${said}`, "Update the browser, or try another one.",
    );
    const ready = new Promise((resolve, reject) => {
      const code = URL.createObjectURL(new Blob([runtime.code], { type: "text/javascript" }));
      const worker = new Worker(code);
      worker.addEventListener("error", (event) => {
        const problem = fail(event.message || "its worker is refused.");
        reject(problem);
        for (const each of waiting.values()) each.reject(problem);
      });
      worker.addEventListener("message", ({ data }) => {
        if (data.ready) resolve(worker);
        else if (data.broken) reject(fail(data.broken));
        else {
          const { resolve: take, reject: give } = waiting.get(data.number);
          waiting.delete(data.number);
          if (data.problem) give(new Problem(`The model can't answer: ${data.problem}`, "Reload this page."));
          else take(data);
        }
      });
      Promise.all([unpacked(runtime.wasm), unpacked(model)]).then(
        ([wasm, bytes]) => worker.postMessage({ wasm, model: bytes }, [wasm, bytes]),
        (error) => reject(fail(error.message)),
      );
    });
    ready.catch(() => {}); // it is said when a picture comes
    return async (number, views) => {
      const worker = await ready;
      const answer = new Promise((resolve, reject) => waiting.set(number, { resolve, reject }));
      const sides = [facts.input.height, facts.input.width];
      worker.postMessage({ number, views, sides }, views.map((view) => view.buffer));
      return answer;
    };
  }

  const ask = start();

  // ---- the picture

  async function opened(file) {
    try {
      // EXIF's orientation is applied, and an embedded profile is converted to sRGB.
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      throw new Problem(
        file.size ? `This browser can't open ${file.name || "that"} as a picture.` : `${file.name} is empty.`,
        "Save it as JPEG, PNG or WebP, and try again.",
      );
    }
  }

  /** A picture whose rows are drawn when they are asked for: a canvas for all of them may be refused. */
  function strips(bitmap) {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
    return {
      width: bitmap.width,
      height: bitmap.height,
      rows(top, count) {
        if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
        if (canvas.height !== count) canvas.height = count;
        pen.fillStyle = "#ffffff"; // transparent parts lie over white, as in Sightline
        pen.fillRect(0, 0, bitmap.width, count);
        pen.drawImage(bitmap, 0, top, bitmap.width, count, 0, 0, bitmap.width, count);
        return pen.getImageData(0, 0, bitmap.width, count).data;
      },
    };
  }

  async function prepared(file) {
    const bitmap = await opened(file);
    try {
      const pixels = bitmap.width * bitmap.height;
      if (pixels > MAX_PIXELS) {
        throw new Problem(
          `The picture has ${Math.round(pixels / 1e6)} megapixels; this page takes at most ${MAX_PIXELS / 1e6}.`,
          "Save it smaller, and try again.",
        );
      }
      return globalThis.Preparation.fitted(strips(bitmap), facts.input);
    } finally {
      bitmap.close();
    }
  }

  // ---- the answer

  function percent(share) {
    return `${(share * 100).toFixed(1)}%`;
  }

  function element(kind, name, text) {
    const made = document.createElement(kind);
    made.className = name;
    made.textContent = text;
    return made;
  }

  function bar(label, share, threshold) {
    const item = document.createElement("li");
    const line = document.createElement("progress");
    line.max = 1;
    line.value = share;
    line.setAttribute("aria-hidden", "true");
    item.append(element("span", "label", label), element("span", "share", percent(share)), line);
    if (threshold !== undefined) {
      const right = share >= threshold;
      item.className = right ? "right" : "wrong";
      const words = right ? "Yes: at or above" : "No: below";
      item.append(element("span", "threshold", `${words} its threshold of ${percent(threshold)}`));
    }
    return item;
  }

  function amount(label, value, unit) {
    const item = document.createElement("li");
    const large = Math.abs(value) >= 1000 && Math.abs(value) < 1e12;
    const number = large ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(4)));
    item.append(element("span", "label", label), element("span", "share", unit ? `${number} ${unit}` : number));
    return item;
  }

  function ranked(row) {
    return row.map((_, index) => index).sort((one, other) => row[other] - row[one] || one - other);
  }

  function described(row) {
    const { task, labels, thresholds, units } = facts;
    if (task === "regression") {
      return ["", row.map((value, index) => amount(labels[index], value, units[index] ?? ""))];
    }
    const order = ranked(row);
    if (task === "multi-label") {
      const right = order.filter((index) => row[index] >= thresholds[index]).map((index) => labels[index]);
      const bars = order.map((index) => bar(labels[index], row[index], thresholds[index]));
      return [right.length ? right.join(", ") : "None of its labels", bars];
    }
    const best = order[0];
    const sure = row[best] >= facts.notSureBelow;
    const message = sure ? labels[best] : `Could be: ${labels[best]} (${percent(row[best])}). It may be something else.`;
    return [message, order.slice(0, TOP).map((index) => bar(labels[index], row[index]))];
  }

  function showAnswer({ row, part: seen }, views, seconds, file) {
    const [message, items] = described(row);
    part("message").textContent = message;
    part("message").hidden = !message;
    part("bars").replaceChildren(...items);
    part("bars").classList.toggle("plain", facts.task === "regression");
    const about = seen ? `, about part ${seen} of ${views} of this long picture` : "";
    part("facts").textContent = `Classified in this browser in ${seconds.toFixed(2)}\u00a0s${about}`;
    if (shown) URL.revokeObjectURL(shown);
    shown = URL.createObjectURL(file);
    part("picture").src = shown;
    show("answer");
  }

  async function classify(file) {
    const number = ++latest;
    show("working");
    try {
      const views = await prepared(file);
      const count = views.length;
      const { rows, seconds } = await ask(number, views);
      const found = globalThis.Views.combined(rows, facts);
      if (!found.row.every(Number.isFinite)) {
        throw new Problem("The model gave an answer that is not a number.", "Export it again.");
      }
      if (number === latest) {
        globalThis.sightlineAnswer = found.row;
        showAnswer(found, count, seconds, file);
      }
    } catch (error) {
      if (number === latest) showProblem(error);
    }
  }

  // ---- how a picture comes

  part("choose").addEventListener("click", () => part("file").click());
  part("file").addEventListener("change", (event) => {
    if (event.target.files.length) classify(event.target.files[0]);
    event.target.value = "";
  });

  function take(transfer) {
    const [file] = transfer.files;
    if (file) classify(file);
    return Boolean(file);
  }

  let depth = 0;
  document.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) drop.classList.remove("over");
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    drop.classList.remove("over");
    if (!take(event.dataTransfer)) {
      showProblem(new Problem("That is not a picture file.", "Save the picture first, and drop its file: this page opens no links."));
    }
  });
  document.addEventListener("paste", (event) => {
    if (take(event.clipboardData)) event.preventDefault();
    else showProblem(new Problem("There is no picture on the clipboard.", "Copy a picture, not its link."));
  });

  document.title = `${facts.name}: what does this picture show?`;
  part("name").textContent = facts.name;
  part("description").textContent = facts.description;
  part("description").hidden = !facts.description;
  part("origin").textContent = facts.origin;
})();
