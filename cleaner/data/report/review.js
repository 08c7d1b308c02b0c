"use strict";
(() => {
  const one = (name) => document.getElementById(name);
  const words = one("words").dataset;
  let question = null;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  function list(element, texts) {
    element.replaceChildren(...texts.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
  }

  function show(state) {
    question = state.question;
    one("progress").textContent = fill(words.reviewProgress, state);
    one("ask").hidden = !question;
    one("done").hidden = Boolean(question);
    one("done").textContent = words.reviewDone;
    one("edit-box").hidden = true;
    one("part").value = "";
    if (question) {
      one("question").textContent = question.kind === "removal" ? words.reviewQuestionRemoval : words.reviewQuestionStay;
      one("place").textContent = `${question.document}:${question.line} ${question.host}`;
      one("before").textContent = question.before.join("\n");
      one("line").textContent = question.visible;
      one("after").textContent = question.after.join("\n");
      one("often").textContent = question.count > 1 ? fill(words.reviewCount, question) : "";
      list(one("reasons"), question.reasons);
    }
    const effect = state.effect;
    if (!effect) return;
    if (effect.error) { one("effect").textContent = effect.error; list(one("changes"), []); return; }
    const head = effect.own.length || effect.count ? "" : words.reviewAgreed;
    const rest = effect.count ? fill(words.reviewEffect, effect) : words.reviewEffectNone;
    one("effect").textContent = head || [effect.own.length ? `${words.reviewOwn} ${effect.own.join("; ")}.` : "", rest].join(" ");
    list(one("changes"), effect.others);
  }

  async function send(path, body) {
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(path, options);
    show(await response.json());
  }

  function answer(verdict) {
    if (!question) return;
    const part = one("edit-box").hidden ? "" : one("part").value;
    send("answer", { key: question.key, verdict, text: part, category: one("category").value });
  }

  function edit() {
    if (!question) return;
    one("edit-box").hidden = false;
    one("part").value = question.text;
    one("part").focus();
  }

  async function end() {
    await fetch("end", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    one("ask").hidden = true;
    one("done").hidden = false;
    one("done").textContent = words.reviewEnded;
  }

  const actions = { y: () => answer("junk"), n: () => answer("keep"), s: () => answer("skip"), e: edit, u: () => send("undo", {}) };
  for (const [name, key] of [["yes", "y"], ["no", "n"], ["skip", "s"], ["edit", "e"], ["undo", "u"]]) one(name).addEventListener("click", actions[key]);
  one("end").addEventListener("click", end);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, select")) return;
    if (actions[event.key]) { event.preventDefault(); actions[event.key](); }
  });
  fetch("state").then((response) => response.json()).then(show);
})();
