// Charts of a sink's last hour. What they show is in the table below them as well.
(() => {
  "use strict";
  const place = document.getElementById("charts");
  const groups = [
    { title: "Records a second", lines: [["records", "written"], ["refused", "refused requests"]] },
    { title: "Answered within, ms", lines: [["p50Millis", "p50"], ["p99Millis", "p99"]] },
    { title: "Waiting records", lines: [["undelivered", "waiting"]], optional: true },
    { title: "The oldest waits for, s", lines: [["oldestSeconds", "oldest"]], optional: true },
  ];
  const made = new Map();

  // A canvas knows no variables of a style sheet.
  const colour = name => {
    const probe = document.createElement("span");
    probe.className = name;
    place.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  const clock = seconds => new Date(seconds * 1000).toISOString().slice(11, 19);

  const times = history => {
    const end = Date.parse(history.end) / 1000;
    const count = history.sinks[0].records.length;
    return Array.from({ length: count }, (_, i) => end - (count - 1 - i) * history.stepSeconds);
  };

  const chart = (group, data) => {
    const box = document.createElement("figure");
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", `${group.title}, the last hour; as a table below`);
    place.append(box);
    const axis = { stroke: colour("quiet"), grid: { stroke: colour("grid"), width: 1 }, ticks: { stroke: colour("grid"), width: 1 } };
    const series = group.lines.map(([, label], i) => ({ label, stroke: colour(`line-${i + 1}`), width: 1.5 }));
    const size = () => ({ width: box.clientWidth, height: 170 });
    const plot = new uPlot({
      ...size(),
      title: group.title,
      axes: [{ ...axis, values: (u, at) => at.map(clock) }, { ...axis, size: 64 }],
      scales: { y: { range: (u, least, most) => [0, most > 0 ? most * 1.1 : 1] } },
      series: [{ label: "time", value: (u, at) => at === null ? "--" : clock(at) }, ...series],
      tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    }, data, box);
    new ResizeObserver(() => plot.setSize(size())).observe(box);
    return plot;
  };

  const draw = history => {
    const sink = history.sinks[0];
    if (!sink) {
      return;
    }
    const at = times(history);
    for (const group of groups) {
      const data = [at, ...group.lines.map(([name]) => sink[name])];
      if (made.has(group)) {
        made.get(group).setData(data);
      } else if (!group.optional || data[1].some(value => value > 0)) {
        made.set(group, chart(group, data));
      }
    }
  };

  const load = async () => {
    if (document.hidden) {
      return 10;
    }
    const answer = await fetch(place.dataset.history, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.ok) {
      const history = await answer.json();
      draw(history);
      return history.stepSeconds;
    }
    return 30;
  };

  const again = async () => {
    let seconds = 30;
    try {
      seconds = await load();
    } catch {
      // The line about what is live tells of it.
    }
    setTimeout(again, Math.max(2, seconds) * 1000);
  };
  again();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      load().catch(() => {});
    }
  });
})();
