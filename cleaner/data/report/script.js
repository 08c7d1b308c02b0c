"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const tools = one(".tools"), count = one("#count"), reason = one("#reason"), keys = one("#keys");
  const documents = all(".doc"), rules = all(".rule"), hosts = all("#hosts tbody tr");
  const selects = { rule: one("#filter-rule"), host: one("#filter-host"), kind: one("#filter-kind") };
  let current = -1;

  const words = (element, name) => (element.dataset[name] || "").split("\n");
  const fits = (element, name, value) => !value || words(element, name).includes(value);

  function filter() {
    const rule = selects.rule.value, kind = selects.kind.value;
    const host = selects.host.value === "-" ? "" : selects.host.value;
    const anyHost = selects.host.selectedIndex === 0;
    let shown = 0;
    for (const element of documents) {
      const ok = fits(element, "rules", rule) && fits(element, "kinds", kind) && (anyHost || element.dataset.host === host);
      element.hidden = !ok;
      shown += ok;
    }
    for (const element of rules) element.hidden = Boolean(rule) && element.dataset.rules !== rule;
    for (const element of hosts) element.hidden = !anyHost && element.dataset.host !== host;
    count.textContent = tools.dataset.shown.replace("{count}", shown).replace("{total}", documents.length);
    current = -1;
  }

  function reset() {
    for (const select of Object.values(selects)) select.selectedIndex = 0;
    filter();
  }

  function move(step) {
    const visible = documents.filter((element) => !element.hidden);
    if (!visible.length) return;
    const place = visible.indexOf(documents[current]);
    const next = visible[place < 0 ? (step > 0 ? 0 : visible.length - 1) : Math.min(Math.max(place + step, 0), visible.length - 1)];
    current = documents.indexOf(next);
    next.querySelector("summary").focus();
    next.scrollIntoView({ block: "start" });
  }

  function moveChange(step) {
    if (current < 0) move(1);
    if (current < 0) return;
    documents[current].querySelector("details").open = true;
    const rows = all("tr[title]", documents[current]);
    if (!rows.length) return;
    const place = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(place < 0 ? (step > 0 ? 0 : rows.length - 1) : place + step, 0), rows.length - 1)].focus();
  }

  function toggle() {
    if (current < 0) move(1);
    if (current >= 0) { const details = documents[current].querySelector("details"); details.open = !details.open; }
  }

  function setTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  }

  const openAll = (open) => { for (const details of all("details")) details.open = open; };
  const showKeys = () => { keys.hidden = !keys.hidden; };
  const actions = { j: () => move(1), k: () => move(-1), o: toggle, n: () => moveChange(1), p: () => moveChange(-1),
    f: () => selects.rule.focus(), r: reset, t: setTheme, "?": showKeys };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input, textarea")) return;
    const action = actions[event.key];
    if (action) { event.preventDefault(); action(); }
  });
  const explain = (event) => {
    const row = event.target.closest && event.target.closest("tr[title]");
    if (row) reason.textContent = row.title;
  };
  document.addEventListener("focusin", explain);
  document.addEventListener("mouseover", explain);
  document.addEventListener("focusin", (event) => {
    const article = event.target.closest(".doc");
    if (article) current = documents.indexOf(article);
  });
  for (const select of Object.values(selects)) select.addEventListener("change", filter);
  one("#reset").addEventListener("click", reset);
  one("#theme").addEventListener("click", setTheme);
  one("#expand").addEventListener("click", () => openAll(true));
  one("#collapse").addEventListener("click", () => openAll(false));
  one("#show-keys").addEventListener("click", showKeys);
  addEventListener("beforeprint", () => openAll(true));
  for (const row of all("tr[title]")) row.tabIndex = -1;
  tools.hidden = false;
  filter();
})();
