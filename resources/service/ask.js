// Asks the service, with the token if there is one; a page that meets 401 asks the person for it.

const KEY = "sightline-token";

export class Problem extends Error {
  constructor(sentence, advice = "") {
    super(sentence);
    this.advice = advice;
  }
}

export async function ask(path, options = {}) {
  const headers = new Headers(options.headers);
  const token = sessionStorage.getItem(KEY);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch {
    throw new Problem("The service does not answer.", "Check whether it still runs, and try again.");
  }
  let body;
  try {
    body = await response.json();
  } catch {
    throw new Problem("The service's answer makes no sense.", "Reload this page and try again.");
  }
  if (response.status === 401) askForToken();
  if (!response.ok) throw new Problem(body.error, body.advice);
  return body;
}

const form = document.getElementById("token-form");
const field = document.getElementById("token");
let again = () => {};

export function whenTokenGiven(action) {
  again = action;
}

function askForToken() {
  sessionStorage.removeItem(KEY);
  form.hidden = false;
  field.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, field.value.trim());
  field.value = "";
  form.hidden = true;
  again();
});
