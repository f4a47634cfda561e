// Hearth's only script of its own. htmx does the requests; every function here is progressive: without
// it the pages still read, links still work and forms still post. No inline handlers, no eval (strict CSP).
//
//   1 Small words      2 Theme            3 Values that CSS needs   4 Toasts
//   5 Menus, dialogs   6 Tabs, segments   7 Optimistic controls     8 Hold to act
//   9 Combobox        10 Forms           11 Live stream            12 Start

// ---------- 1 Small words ----------
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;
const words = document.body.dataset;              // the few sentences this script says, translated by the hub
const within = (selector, part) => part.matches?.(selector) ? [part, ...$$(selector, part)] : $$(selector, part);
const on = (name, handler, target = document) => target.addEventListener(name, handler);

// ---------- 2 Theme ----------
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
function switchTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not remembered, still switched */ }
}

// ---------- 3 Values that CSS needs (--v of sliders and meters; a style attribute is not allowed) ----------
function paintRange(range) {
  const { min, max, value } = range, low = Number(min || 0), high = Number(max || 100);
  range.style.setProperty("--v", `${(value - low) / (high - low || 1) * 100}%`);
  const shown = value + (range.dataset.unit ?? "");
  if (range.dataset.out) $$(`#${CSS.escape(range.dataset.out)}, [data-of="${CSS.escape(range.dataset.out)}"]`).forEach(o => o.textContent = shown);
}
function paint(part) {
  within("input[data-optimistic]", part).forEach(follow);
  within("input[type=range]", part).forEach(paintRange);
  within("[data-v]", part).forEach(m => m.style.setProperty("--v", `${m.dataset.v}%`));
  within("[data-copy]", part).forEach(b => b.hidden = !navigator.clipboard);
  within("[data-guess=time-zone]", part).forEach(guessTimeZone);
  within("[data-scroll-end]", part).forEach(l => l.scrollTop = l.scrollHeight);
}

// ---------- 4 Toasts: sent by the hub as HX-Trigger {"toast": {"text", "undo"?, "kind"?}} ----------
function toast({ text, undo, kind }) {
  const box = document.createElement("div");
  box.className = "toast";
  if (kind) box.dataset.kind = kind;
  box.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button"; button.textContent = words.undo;
    button.onclick = () => { box.remove(); htmx.ajax("POST", undo, { source: document.body, target: document.body, swap: "none" }); };
    box.append(button);
  }
  $("#toasts").append(box);
  let timer, wait = undo ? 7000 : Math.max(4000, text.length * 60);
  const leave = () => timer = setTimeout(() => box.remove(), wait), stay = () => clearTimeout(timer);
  box.onmouseenter = stay; box.onmouseleave = leave; box.onfocusin = stay; box.onfocusout = leave;
  leave();
}
on("toast", event => toast(event.detail));

// ---------- 5 Menus (<details class="menu">) and dialogs ----------
const closeMenus = except => $$("details.menu[open]").forEach(menu => { if (!menu.contains(except)) menu.open = false; });
function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog?.showModal && !dialog.open) dialog.showModal();
}
on("dialog-open", event => openDialog(event.detail.value));       // HX-Trigger {"dialog-open": "setup"}
on("dialog-close", event => document.getElementById(event.detail.value)?.close());
// hx-confirm asks in a <dialog> of the page; data-confirm-title, data-confirm-button name the loss.
on("htmx:confirm", event => {
  const { ctx, issueRequest, dropRequest } = event.detail, dialog = $("#confirm");
  if (!dialog) return;
  event.preventDefault();
  const { confirmTitle, confirmButton } = ctx.sourceElement.dataset;
  $("h2", dialog).textContent = confirmTitle || words.confirm;
  $("p", dialog).textContent = ctx.confirm;
  $("[value=yes]", dialog).textContent = confirmButton || words.yes;
  dialog.returnValue = "";
  dialog.onclose = () => dialog.returnValue === "yes" ? issueRequest() : dropRequest();
  dialog.showModal();
  $("[value=no]", dialog).focus();
});

// ---------- 6 Tabs and segments ----------
function showTab(tab) {
  $$("[role=tab]", tab.closest("[role=tablist]")).forEach(other => {
    const chosen = other === tab, pane = document.getElementById(other.getAttribute("aria-controls"));
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    if (pane) pane.hidden = !chosen;
  });
}
function press(button) {                          // data-press="one" in a group of one choice, "many" otherwise
  if (button.dataset.press === "many") return button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
  $$("[data-press]", button.parentNode).forEach(b => b.setAttribute("aria-pressed", b === button));
}

// ---------- 7 Optimistic controls: paint at once, .pending until the hub answers, put back if it refuses ----------
// <button data-optimistic="toggle" aria-pressed data-on="62 %" data-off="Off"> in a .tile, or a checkbox in .switch.
function assume(control) {
  const box = control.closest(".tile, .switch, li") ?? control;
  box.classList.add("pending");
  if (control.type === "checkbox") return () => control.checked = !control.checked;
  if (control.type === "range") { const before = control.defaultValue; return () => { control.value = before; paintRange(control); }; }
  const was = control.getAttribute("aria-pressed") === "true", state = $(".state", box), said = state?.textContent;
  const put = (lit, text) => {
    control.setAttribute("aria-pressed", lit);
    if (box.matches(".tile") && control.dataset.glow !== undefined) box.classList.toggle("on", lit);
    if (state && text) state.textContent = text;
  };
  put(!was, was ? control.dataset.off : control.dataset.on);
  return () => put(was, said);
}
// A morph keeps what a person did to a control. When the hub has the last word (a switch put back by Undo, a lamp dimmed
// by somebody else) the control follows, unless it is being moved at this moment.
let moving, held = false, resting;
function move(control) { clearTimeout(resting); moving = control; if (!held) rest(); }
function rest() { resting = setTimeout(() => moving = null, 400); }
function follow(control) {
  if (control === moving || control.closest(".pending")) return;
  if (control.type === "checkbox") control.checked = control.defaultChecked;
  else if (control.type === "range" && control.value !== control.defaultValue) control.value = control.defaultValue;
}
const isSlider = part => part.matches("input[type=range][data-optimistic]");
on("pointerdown", event => { if (isSlider(event.target)) { held = true; move(event.target); } });
["pointerup", "pointercancel"].forEach(name => on(name, () => { if (held) { held = false; rest(); } }, window));
on("input", event => { if (isSlider(event.target)) move(event.target); });
const undoing = new WeakMap();
on("htmx:before:request", event => {
  const control = event.detail.ctx.sourceElement;
  if (control.matches?.("[data-optimistic]")) undoing.set(control, assume(control));
});
on("htmx:finally:request", event => {
  const { ctx } = event.detail, control = ctx.sourceElement, putBack = undoing.get(control);
  if (!putBack) return;
  undoing.delete(control);
  control.closest(".pending")?.classList.remove("pending");
  if (control.isConnected && !(ctx.response?.status < 400)) putBack();
});

// ---------- 8 Hold to act: <button data-hold hx-post hx-trigger="held">; one second, pointer or key ----------
let holding;
function hold(button) {
  if (holding || button.disabled) return;
  button.classList.add("holding");
  holding = { button, timer: setTimeout(() => { letGo(); button.dispatchEvent(new CustomEvent("held", { bubbles: true })); }, 1000) };
}
function letGo() {
  if (!holding) return;
  clearTimeout(holding.timer);
  holding.button.classList.remove("holding");
  holding = null;
}
on("pointerdown", event => { const button = event.target.closest("[data-hold]"); if (button && event.button === 0) hold(button); });
["pointerup", "pointercancel", "blur"].forEach(name => on(name, letGo, window));

// ---------- 9 Combobox: the hub fills the list, this walks it. The value goes to the hidden input ----------
const optionsOf = combo => $$("[role=option]", combo).filter(option => !option.hidden);
function openCombo(combo, open) {
  combo.toggleAttribute("data-open", open);
  $("[role=combobox]", combo).setAttribute("aria-expanded", open);
  if (!open) markOption(combo, null);
}
function markOption(combo, option) {
  optionsOf(combo).forEach(o => o.classList.toggle("sel", o === option));
  const box = $("[role=combobox]", combo);
  if (option) { option.id ||= `o-${Math.random().toString(36).slice(2)}`; box.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  else box.removeAttribute("aria-activedescendant");
}
function choose(combo, option) {
  const box = $("[role=combobox]", combo), value = $("input[type=hidden]", combo);
  box.value = option.dataset.label ?? option.textContent.trim();
  if (value) value.value = option.dataset.value;
  $$("[role=option]", combo).forEach(o => o.setAttribute("aria-selected", o === option));
  openCombo(combo, false);
  (value ?? box).dispatchEvent(new Event("change", { bubbles: true }));
}
function walkCombo(combo, event) {
  const all = optionsOf(combo), now = all.findIndex(o => o.matches(".sel"));
  if (event.key === "Escape") return openCombo(combo, false);
  if (event.key === "Enter" && now >= 0 && combo.hasAttribute("data-open")) { event.preventDefault(); return choose(combo, all[now]); }
  if (!/^Arrow(Up|Down)$/.test(event.key) || !all.length) return;
  event.preventDefault();
  openCombo(combo, true);
  markOption(combo, all[(now + (event.key === "ArrowDown" ? 1 : all.length - 1) + (now < 0 && event.key === "ArrowUp" ? 1 : 0)) % all.length]);
}
function typedInCombo(combo) {                    // typing unsets the choice; a list that is complete filters itself
  const value = $("input[type=hidden]", combo), asked = $("[role=combobox]", combo).value.trim().toLowerCase();
  if (value) value.value = "";
  if (combo.dataset.combo === "local") $$("[role=option]", combo).forEach(o => o.hidden = !(o.dataset.find ?? o.textContent).toLowerCase().includes(asked));
  openCombo(combo, true);
}
on("focusin", event => { const combo = event.target.matches("[role=combobox]") && event.target.closest("[data-combo]"); if (combo) openCombo(combo, true); });
on("focusout", event => { const combo = event.target.closest("[data-combo]"); if (combo && !combo.contains(event.relatedTarget)) openCombo(combo, false); });
on("mousedown", event => { const option = event.target.closest("[data-combo] [role=option]"); if (option) { event.preventDefault(); choose(option.closest("[data-combo]"), option); } });

// ---------- 10 Forms ----------
function guessTimeZone(box) {                     // only when nothing was typed or chosen yet
  if (!box.value) box.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
function filterLocally(box) {                     // <input data-filter=".row"> hides what does not match
  const asked = box.value.trim().toLowerCase();
  $$(box.dataset.filter).forEach(hit => hit.hidden = !(hit.dataset.find ?? hit.textContent).toLowerCase().includes(asked));
}
function unmark(box) {                            // an error leaves as soon as its field is being corrected
  const said = document.getElementById(box.getAttribute("aria-describedby"));
  box.removeAttribute("aria-invalid");
  if (said?.matches(".error")) said.hidden = true;
}
async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast({ text: words.copied });
}

// ---------- 11 Live stream: one per page (#live). Named events are DOM events, partials swap themselves ----------
// A stream that was away may have missed something: "live-again" on the body asks every live part to look once.
const banner = shown => { const note = $("#lost-live"); if (note) note.hidden = !shown; };
on("htmx:sse:after:connection", event => {
  banner(false);
  if (event.detail.connection.attempt > 0) document.body.dispatchEvent(new CustomEvent("live-again"));
});
on("htmx:sse:error", event => event.detail.status === 401 ? location.reload() : banner(true));
on("htmx:error", event => { if (event.detail.ctx && !event.detail.ctx.response) toast({ text: words.unreachable, kind: "bad" }); });

// ---------- 12 Start: one listener a kind of event, whatever htmx swaps in later ----------
on("click", event => {
  closeMenus(event.target);
  const target = event.target.closest("[data-theme-toggle],[data-open-dialog],[data-close-dialog],[data-press],[data-copy],[data-reveal],[role=tab][aria-controls]");
  if (!target) return;
  if (target.matches("[data-theme-toggle]")) switchTheme();
  if (target.dataset.openDialog) { event.preventDefault(); openDialog(target.dataset.openDialog); }
  if (target.matches("[data-close-dialog]")) target.closest("dialog").close();
  if (target.matches("[data-press]")) press(target);
  if (target.matches("[data-copy]")) copy(target);
  if (target.matches("[role=tab]")) showTab(target);
  if (target.dataset.reveal) { const box = document.getElementById(target.dataset.reveal), shown = box.type === "text"; box.type = shown ? "password" : "text"; target.setAttribute("aria-pressed", !shown); }
});
on("input", event => {
  const box = event.target;
  if (box.type === "range") paintRange(box);
  if (box.getAttribute("aria-invalid") === "true") unmark(box);
  if (box.dataset.filter) filterLocally(box);
  if (box.dataset.word) $$(`[data-says="${CSS.escape(box.dataset.word)}"]`).forEach(m => m.textContent = box.value);
  if (box.matches("[data-combo] [role=combobox]")) typedInCombo(box.closest("[data-combo]"));
});
on("keydown", event => {
  const at = event.target;
  if (at.matches("[data-combo] [role=combobox]")) walkCombo(at.closest("[data-combo]"), event);
  if (at.matches("[data-hold]") && /^(Enter| )$/.test(event.key) && !event.repeat) { event.preventDefault(); hold(at); }
  if (at.matches("[role=tab]") && /^Arrow(Left|Right)$/.test(event.key)) {
    const all = $$("[role=tab]", at.closest("[role=tablist]")), step = event.key === "ArrowRight" ? 1 : all.length - 1, next = all[(all.indexOf(at) + step) % all.length];
    next.focus(); next.click();
  }
  if (event.key === "Escape") {
    const menu = at.closest("details.menu[open]");
    closeMenus(null);
    if (menu) $("summary", menu).focus();
  }
});
on("keyup", letGo);
on("htmx:after:process", event => paint(event.target));           // everything that htmx has just put on the page
paint(document);
