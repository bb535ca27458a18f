// Keeps the fields of a definition and its JSON in step. Without it, the service puts them together.
(() => {
  "use strict";
  const form = document.getElementById("define");
  const definition = document.getElementById("definition");
  const fields = [...form.querySelectorAll("[data-path]")];
  const MASK = "***";

  // Numbers go through as they are written: as doubles, long ones would be rounded.
  const MARK = "\u0000";
  const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/g;
  const parse = text => {
    try {
      JSON.parse(text);
      return JSON.parse(text.replace(TOKEN, token => token.startsWith('"') ? token : JSON.stringify(MARK + token)));
    } catch {
      return undefined;
    }
  };
  const write = value => JSON.stringify(value, null, 2).replace(/"\\u0000([^"]*)"/g, "$1");
  const isObject = value => typeof value === "object" && value !== null && !Array.isArray(value);

  const at = (root, path) => path.split(".").reduce((found, name) => isObject(found) ? found[name] : undefined, root);
  const put = (root, path, value) => {
    const names = path.split(".");
    const last = names.pop();
    const parents = [root];
    for (const name of names) {
      const parent = parents[parents.length - 1];
      if (!isObject(parent[name])) {
        parent[name] = {};
      }
      parents.push(parent[name]);
    }
    if (value !== undefined) {
      parents[parents.length - 1][last] = value;
      return;
    }
    delete parents[parents.length - 1][last];
    for (let i = names.length; i > 0 && Object.keys(parents[i]).length === 0; i--) {
      delete parents[i - 1][names[i - 1]];
    }
  };

  const masked = value => Array.isArray(value) ? value.map(masked)
    : isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, masked(part)]))
    : MASK;

  const number = text => /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text.trim()) ? MARK + text.trim() : text;
  const value = field => {
    const text = field.value;
    if (text.trim() === "") {
      return undefined;
    }
    switch (field.dataset.kind) {
      case "lines": return text.split("\n").map(line => line.trim()).filter(line => line !== "");
      case "json": { const parsed = parse(text); return parsed === undefined ? text : parsed; }
      case "number": return number(text);
      case "choice": return text === "true" ? true : text === "false" ? false : text;
      default: return text;
    }
  };
  const plain = part => typeof part === "string" ? part.replace(MARK, "") : write(part);
  const text = (field, found) => {
    if (found === undefined || found === null) {
      return "";
    }
    const shown = "secret" in field.dataset ? masked(found) : found;
    if (field.dataset.kind === "lines" && Array.isArray(shown) && !shown.some(item => typeof item === "object")) {
      return shown.map(plain).join("\n");
    }
    return plain(shown);
  };

  form.addEventListener("input", event => {
    const root = parse(definition.value);
    if (!isObject(root)) {
      return;
    }
    if (event.target === definition) {
      for (const field of fields) {
        // What is written there as a secret stays there; of what is in the JSON, it shows that there is one.
        if (field.type !== "password") {
          field.value = text(field, at(root, field.dataset.path));
        }
      }
    } else if (event.target.dataset.path) {
      const given = value(event.target);
      put(root, event.target.dataset.path, "secret" in event.target.dataset && given !== undefined ? masked(given) : given);
      definition.value = write(root);
    }
  });

  // Buttons send the form as it is; what is told while one types says which fields are wrong.
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const field of fields) {
      const wrong = document.getElementById(field.getAttribute("aria-describedby").split(" ")[0]);
      if (wrong && wrong.textContent !== "") {
        field.setAttribute("aria-invalid", "true");
        const more = field.closest("details");
        if (more) {
          more.open = true;
        }
      } else {
        field.removeAttribute("aria-invalid");
      }
    }
  });
})();
