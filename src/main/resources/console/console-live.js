// Keeps a page up to date while somebody sees it: one stream a tab, of what has changed.
(() => {
  "use strict";
  const AGAIN = 15000;
  let source = null;
  let later = 0;

  const say = text => { document.getElementById("live").textContent = text; };
  const named = (name, value) => `[data-${name}="${CSS.escape(value)}"]`;

  const age = seconds => seconds < 100 ? `${seconds} s`
    : seconds < 6000 ? `${Math.floor(seconds / 60)} min`
    : seconds < 172800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
  const ago = time => {
    const seconds = Math.floor((Date.now() - Date.parse(time)) / 1000);
    return seconds < 0 ? `in ${age(-seconds)}` : `${age(seconds)} ago`;
  };

  const put = (cell, text) => {
    if (cell.dataset.cell !== "changed" || text === "") {
      cell.textContent = text;
      return;
    }
    const time = document.createElement("time");
    time.dateTime = text;
    time.title = text.slice(0, 19).replace("T", " ") + "Z";
    time.textContent = ago(text);
    cell.replaceChildren(time);
  };

  const show = rows => {
    for (const [row, cells] of Object.entries(rows)) {
      for (const place of document.querySelectorAll(named("row", row))) {
        for (const [name, text] of Object.entries(cells)) {
          const cell = place.querySelector(named("cell", name));
          if (cell) {
            put(cell, text);
          }
        }
      }
    }
  };

  const close = () => {
    clearTimeout(later);
    if (source) {
      source.close();
      source = null;
    }
  };

  // Without a stream: as the reload button does it, for what changes only.
  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "*/*" }, cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) {
        say("Not live any more: the session has ended. Load the page again.");
        return;
      }
      if (!answer.ok) {
        throw new Error(`the service answered ${answer.status}`);
      }
      const loaded = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const cell of loaded.querySelectorAll("[data-row] [data-cell]")) {
        const row = cell.closest("[data-row]").dataset.row;
        const present = document.querySelector(`${named("row", row)} ${named("cell", cell.dataset.cell)}`);
        if (present) {
          present.replaceChildren(...cell.childNodes);
        }
      }
      say("Not live: loaded again every 15 s, as long as there is no stream to be had.");
    } catch (e) {
      say(`Not live: ${e instanceof TypeError ? "the service does not answer" : e.message}. Trying again.`);
    }
    later = setTimeout(open, AGAIN);
  };

  const open = () => {
    close();
    const place = document.querySelector("[data-watch]");
    if (!place || !place.dataset.watch.includes("?") || document.hidden) {
      return;
    }
    source = new EventSource(place.dataset.watch);
    source.addEventListener("open", () => say("Live"));
    source.addEventListener("rows", event => {
      say("Live");
      show(JSON.parse(event.data));
    });
    source.addEventListener("failed", event => say(`Not live: ${JSON.parse(event.data).detail}`));
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) {
        close();
        refresh();
      } else {
        say("Not live: the connection was lost. Trying again.");
      }
    });
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
      say("Paused while this tab is hidden");
    } else {
      open();
    }
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", event => {
    if (event.persisted) {
      open();
    }
  });
  // Another list, other rows.
  document.addEventListener("htmx:afterSwap", open);
  setInterval(() => {
    for (const time of document.querySelectorAll("[data-watch] time, [data-row] time")) {
      time.textContent = ago(time.dateTime);
    }
  }, 10000);
  open();
})();
