// Draws /openapi.json: what can be asked, what must be sent, what comes back.
import { ask, whenTokenGiven } from "/parts/ask.js";

const make = (tag, text = "", name = "") => {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = name;
  return element;
};

function resolve(schema, api) {
  return schema?.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : (schema ?? {});
}

function typeOf(schema, api) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one, api)).join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items, api)}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.format === "binary") return "file";
  const range = schema.minimum !== undefined && schema.maximum !== undefined ? ` ${schema.minimum}–${schema.maximum}` : "";
  return `${schema.type ?? "any"}${range}`;
}

function table(caption, rows) {
  const found = make("table");
  found.append(make("caption", caption, "visually-hidden"));
  for (const [name, ...cells] of rows) {
    const row = make("tr");
    const head = make("th");
    head.scope = "row";
    head.append(make("code", name));
    row.append(head, ...cells.map((cell) => make("td", cell)));
    found.append(row);
  }
  return found;
}

function members(schema, api) {
  const whole = resolve(schema, api);
  if (!whole.properties) return null;
  const required = new Set(whole.required ?? []);
  return table(
    "Members",
    Object.entries(whole.properties).map(([name, one]) => [
      name,
      `${typeOf(one, api)}${required.has(name) ? ", required" : ""}`,
      one.description ?? "",
    ]),
  );
}

function operation(path, method, described, api) {
  const section = make("section", "", "card");
  const title = make("h2");
  title.append(make("span", method.toUpperCase(), "method"), make("code", path));
  section.append(title, make("p", described.summary));
  if (described.description) section.append(make("p", described.description));
  if (described.parameters) {
    section.append(make("h3", "Parameters in the query"));
    section.append(table("Parameters", described.parameters.map((one) => [one.name, typeOf(one.schema, api), one.description ?? ""])));
  }
  for (const [type, { schema }] of Object.entries(described.requestBody?.content ?? {})) {
    for (const one of schema.oneOf ?? [schema]) {
      const name = schema.oneOf ? `: ${typeOf(one, api)}` : "";
      section.append(make("h3", `Body as ${type}${name}`), members(one, api) ?? make("p", "The bytes of a picture file."));
    }
  }
  section.append(make("h3", "Answers"));
  section.append(table("Answers", Object.entries(described.responses).map(([status, one]) => [status, one.description])));
  for (const { schema } of Object.values(described.responses["200"].content ?? {})) {
    const listed = members(schema, api);
    if (listed) section.append(make("h3", typeOf(schema, api)), listed);
  }
  return section;
}

function examples(api) {
  const address = location.origin;
  const token = api.components.securitySchemes ? ' -H "Authorization: Bearer $SIGHTLINE_TOKEN"' : "";
  return [
    `curl${token} -F image=@picture.jpg ${address}/api/v1/classify_image`,
    `curl${token} -F image=@picture.jpg -F top=1 ${address}/api/v1/classify_image`,
    `curl${token} -H "Content-Type: image/jpeg" --data-binary @picture.jpg ${address}/api/v1/classify_image`,
    `curl${token} --json '{"url": "https://example.org/picture.jpg"}' ${address}/api/v1/classify_image`,
    `echo "{\\"image\\": \\"$(base64 -w0 picture.jpg)\\"}" | curl${token} --json @- ${address}/api/v1/classify_image`,
  ].join("\n");
}

async function draw() {
  const place = document.getElementById("operations");
  whenTokenGiven(draw);
  try {
    const api = await ask("/openapi.json");
    const sections = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => operation(path, method, described, api)),
    );
    for (const name of ["ScoredClass", "ModelEntry", "ErrorAnswer"]) {
      const section = make("section", "", "card");
      section.append(make("h2", name), make("p", api.components.schemas[name].description ?? ""), members(api.components.schemas[name], api));
      sections.push(section);
    }
    document.getElementById("examples").textContent = examples(api);
    place.replaceChildren(...sections);
  } catch (problem) {
    const card = make("section", "", "card problem");
    card.append(make("strong", problem.message), make("p", problem.advice ?? ""));
    place.replaceChildren(card);
  }
}

draw();
