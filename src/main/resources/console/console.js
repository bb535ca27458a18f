// What makes the console handier; every page can be read, and every act done, without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const themes = ["system", "light", "dark"];
  const kept = () => { try { return localStorage.getItem("theme") || "system"; } catch { return "system"; } };
  const wear = theme => {
    if (theme === "system") {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = theme;
    }
  };
  // Before anything is drawn, so that nothing flashes.
  wear(kept());

  const theme = () => {
    const button = document.getElementById("theme");
    const tell = () => { button.textContent = "Theme: " + kept(); };
    tell();
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = themes[(themes.indexOf(kept()) + 1) % themes.length];
      try { localStorage.setItem("theme", next); } catch { /* it holds for this page only */ }
      wear(next);
      tell();
    });
  };

  const copies = () => {
    if (!navigator.clipboard) {
      return;
    }
    for (const button of document.querySelectorAll(".copy[hidden]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.previousElementSibling.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
    }
  };

  const isTyping = target => target.closest("input, select, textarea, [contenteditable]") !== null;

  // From row to row by the link or field that each begins with.
  const row = step => {
    const links = [...document.querySelectorAll("tbody tr")]
      .map(tr => tr.querySelector("a, button, summary"))
      .filter(link => link !== null);
    if (links.length === 0) {
      return false;
    }
    const present = links.findIndex(link => link.closest("tr").contains(document.activeElement));
    links[Math.min(links.length - 1, Math.max(0, present < 0 ? 0 : present + step))].focus();
    return true;
  };

  let goes = false;
  const keys = event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    if (goes) {
      goes = false;
      const places = { o: "/console", s: "/console/sinks", d: "/console/deliveries", p: "/console/problems", a: "/console/audit" };
      if (places[event.key]) {
        location.assign(places[event.key]);
        return;
      }
    }
    const search = document.querySelector(".search");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "r") {
      location.reload();
    } else if (event.key === "g") {
      goes = true;
      setTimeout(() => { goes = false; }, 1000);
    } else if (event.key === "?") {
      document.getElementById("keys").showModal();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && row(event.key === "ArrowDown" ? 1 : -1)) {
      event.preventDefault();
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    theme();
    copies();
    document.body.addEventListener("htmx:afterSettle", copies);
    document.addEventListener("keydown", keys);
  });
})();
