// Shows records of a partition as they arrive, as text, the last two hundred of them.
(() => {
  "use strict";
  const MOST = 200;
  const section = document.getElementById("tail");
  const button = document.getElementById("tail-button");
  const lines = document.getElementById("tail-lines");
  const state = document.getElementById("tail-state");
  let source = null;
  let wanted = false;
  let next = null;

  // As pages show it: a record must not look like another one.
  const visible = text => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, character =>
    [...Array(character.length).keys()]
      .map(i => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`)
      .join(""));

  const add = (position, text, name) => {
    const line = document.createElement("li");
    if (name) {
      line.className = name;
    }
    const number = document.createElement("span");
    number.className = "quiet";
    number.textContent = `${position} `;
    line.append(number, visible(text));
    lines.append(line);
    while (lines.childElementCount > MOST) {
      lines.firstElementChild.remove();
    }
    lines.scrollTop = lines.scrollHeight;
  };

  // Digits beyond 2^53 and the record's own text stay as they were sent.
  const member = (data, name) => (data.match(new RegExp(`"${name}":"?(\\d+)`)) || [])[1];
  const after = event => { next = (BigInt(event.lastEventId) + 1n).toString(); };

  const close = () => {
    if (source) {
      source.close();
      source = null;
    }
  };

  const refused = async () => {
    const url = place();
    try {
      const stop = new AbortController();
      const answer = await fetch(url, { headers: { Accept: "*/*" }, signal: stop.signal });
      state.textContent = answer.ok ? "The stream has ended." : (await answer.json()).detail;
      stop.abort();
    } catch {
      state.textContent = "The service does not answer.";
    }
    wanted = false;
    button.textContent = "Go on";
  };

  const place = () => section.dataset.tail + (next === null ? "" : `&from=${next}`);

  const open = () => {
    close();
    state.textContent = "";
    source = new EventSource(place());
    source.addEventListener("begun", event => { next = member(event.data, "from"); });
    source.addEventListener("record", event => {
      after(event);
      const position = member(event.data, "offset") || member(event.data, "position");
      const value = event.data.indexOf(',"value":');
      add(position, value < 0 ? event.data : event.data.slice(value + 9, -1));
    });
    source.addEventListener("left-out", event => {
      after(event);
      add(member(event.data, "from"), `… up to ${member(event.data, "to")} left out: there were too many`, "quiet");
    });
    source.addEventListener("advanced", event => {
      after(event);
      add(member(event.data, "from"), `… up to ${member(event.data, "to")}, which cannot be read back`, "quiet");
    });
    source.addEventListener("rewound", event => {
      after(event);
      add(member(event.data, "to"), "The partition was taken back to here", "quiet");
    });
    source.addEventListener("failed", event => { state.textContent = JSON.parse(event.data).detail; });
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) {
        close();
        refused();
      }
    });
  };

  section.hidden = false;
  button.addEventListener("click", () => {
    wanted = !wanted;
    button.textContent = wanted ? "Pause" : "Go on";
    if (wanted) {
      open();
    } else {
      close();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
    } else if (wanted) {
      open();
    }
  });
  window.addEventListener("pagehide", close);
})();
