import { ask, Problem, whenTokenGiven } from "/parts/ask.js";

const CLASSIFY = "/api/v1/classify_image";
const MAX_BYTES = 50_000_000;
const part = (id) => document.getElementById(id);
const drop = part("drop");
let latest = 0;
let shown = "";

function show(name) {
  for (const id of ["working", "problem", "answer"]) part(id).hidden = id !== name;
}

function showProblem(problem) {
  part("problem-sentence").textContent = problem.message;
  part("problem-advice").textContent = problem.advice ?? "";
  show("problem");
}

function showAnswer(answer, picture) {
  const bars = answer.predictions.map(({ name, probability, threshold, right }) => {
    const item = row(name, percent(probability));
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = probability;
    bar.setAttribute("aria-hidden", "true");
    item.append(bar);
    if (threshold !== undefined) {
      item.className = right ? "right" : "wrong";
      item.title = `${right ? "Right" : "Not right"}: the threshold is ${percent(threshold)}`;
    }
    return item;
  });
  const amounts = (answer.amounts ?? []).map(({ name, value, unit }) =>
    row(name, `${amount(value)} ${unit}`.trim()),
  );
  const kind = answer.unlike ? null : answer.kind;
  part("message").textContent = kind?.first
    ? `${kind.name}, ${percent(kind.probability)}`
    : answer.task
      ? answer.message
      : answer.predictions[0].name;
  part("kind").hidden = !kind;
  if (kind) {
    part("kind").textContent = kind.first
      ? `All ${kind.classes} kinds of ${kind.name} together. One by one:`
      : `A kind of ${kind.name} (${percent(kind.probability)} for all ${kind.classes} together)`;
  }
  part("bars").replaceChildren(...bars, ...amounts);
  const engine = { openvino: "OpenVINO", tensorflow: "TensorFlow" }[answer.engine.name];
  const facts = `${engine}, ${answer.engine.precision}`;
  part("facts").textContent = `Classified with ${answer.model} by ${facts} in ${answer.seconds.toFixed(2)} s`;
  if (answer.unlike) part("message").textContent = `Unlike anything ${answer.model} was trained on`;
  if (shown) URL.revokeObjectURL(shown);
  shown = picture ? URL.createObjectURL(picture) : "";
  part("picture").hidden = !picture;
  if (picture) part("picture").src = shown;
  part("answer").classList.toggle("bare", !picture);
  show("answer");
}

function row(words, figure) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const share = document.createElement("span");
  name.className = "label";
  name.textContent = words;
  share.className = "share";
  share.textContent = figure;
  item.append(name, share);
  return item;
}

function amount(value) {
  const large = Math.abs(value) >= 1000 && Math.abs(value) < 1e12;
  return large ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(4)));
}

function percent(probability) {
  return `${(probability * 100).toFixed(1)}%`;
}

async function classify(request, picture = null) {
  const number = ++latest;
  whenTokenGiven(() => classify(request, picture));
  show("working");
  try {
    if (picture && picture.size > MAX_BYTES) {
      throw new Problem("The picture is larger than 50 MB.", "Save it smaller, or as JPEG, and try again.");
    }
    const answer = await ask(CLASSIFY, request());
    if (number === latest) showAnswer(answer, picture);
  } catch (error) {
    if (number === latest) showProblem(error);
  }
}

function classifyFile(file) {
  const request = () => {
    const body = new FormData();
    body.append("image", file);
    return { method: "POST", body };
  };
  classify(request, file);
}

function classifyLink(url) {
  const body = JSON.stringify({ url });
  classify(() => ({ method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

// A page that shows the picture without being able to (HEIC in most browsers) shows none.
part("picture").addEventListener("error", () => {
  part("picture").hidden = true;
  part("answer").classList.add("bare");
});

part("choose").addEventListener("click", () => part("file").click());
part("file").addEventListener("change", (event) => {
  if (event.target.files.length) classifyFile(event.target.files[0]);
  event.target.value = "";
});

part("link-form").addEventListener("submit", (event) => {
  event.preventDefault();
  classifyLink(part("link").value.trim());
});

function take(transfer) {
  const [file] = transfer.files;
  if (file) {
    classifyFile(file);
    return true;
  }
  const link = transfer.getData("text/uri-list") || transfer.getData("text/plain");
  if (/^https?:\/\/\S+$/i.test(link.trim())) {
    classifyLink(link.trim());
    return true;
  }
  return false;
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
  if (!take(event.dataTransfer)) showProblem(new Problem("That is not a picture.", "Drop a picture file or a link to one."));
});
document.addEventListener("paste", (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if ((!typing || event.clipboardData.files.length) && take(event.clipboardData)) event.preventDefault();
});
