// Keys.

const SWITCH = "linnet.keys";
const on = () => localStorage.getItem(SWITCH) !== "off";
const places = { h: "/home", n: "/notifications", l: "/public/local", c: "/conversations", s: "/settings" };
let going = false;

const posts = () => [...document.querySelectorAll("article[tabindex]")].filter((post) => post.checkVisibility?.() ?? true);
const current = () => document.activeElement?.closest?.("article[tabindex]");

function move(step) {
  const all = posts();
  const here = current();
  let next = here ? all.indexOf(here) + step : all.findIndex((post) => post.getBoundingClientRect().bottom > 120);
  next = all[Math.min(Math.max(next, 0), all.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** To what a post answers: if that is not on this page, to the thread in which it is. */
function up(post) {
  const number = post?.dataset.up;
  const above = number && posts().find((one) => one.dataset.id === number);
  above?.focus({ preventScroll: true });
  above?.scrollIntoView({ block: "nearest" });
  if (number && !above && !post.matches(".root")) keys.Enter(post);
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  Enter: (post) => post?.querySelector("a.when")?.click(),
  r: (post) => post?.querySelector(".act.r")?.click(),
  b: (post) => post?.querySelector(".act.b:not([disabled])")?.click(),
  f: (post) => post?.querySelector(".act.f")?.click(),
  s: (post) => post?.querySelector(".act.k")?.click(),
  x: (post) => { const warning = post?.querySelector("details.cw"); if (warning) warning.open = !warning.open; },
  u: (post) => up(post ?? document.querySelector("article.root")),
  n: () => document.querySelector("[data-key=n]")?.click(),
  "/": () => (document.querySelector("input[type=search]") ?? { focus: () => location.assign("/search") }).focus(),
  ".": () => document.querySelector("[data-key='.']")?.click(),
  "?": () => location.assign("/settings/appearance#keys"),
  g: () => { going = true; setTimeout(() => { going = false; }, 1500); },
};

document.addEventListener("keydown", (event) => {
  if (!("keys" in document.body.dataset) || !on() || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog, [popover]:popover-open")) return;
  if (going && event.key in places) { location.assign(places[event.key]); return; }
  const does = document.querySelector(`[data-does="${CSS.escape(event.key)}"]`);
  if (does) {
    event.preventDefault();
    does.form && does.tagName === "BUTTON" ? does.click() : does.focus();
    return;
  }
  if (event.key === "Enter" && event.target.tagName !== "ARTICLE") return;
  const todo = keys[event.key];
  if (!todo) return;
  event.preventDefault();
  todo(current());
});

// Who comes back is where they were: on the post, if it was left by keys. A browser that keeps whole pages does so itself.
const at = () => `linnet.at ${location.pathname}${location.search}`;
addEventListener("pagehide", () => {
  const left = document.querySelector(":focus-visible")?.closest("article[tabindex]");
  if (left) sessionStorage.setItem(at(), left.id);
  else sessionStorage.removeItem(at());
});
const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
if (isBack && document.activeElement === document.body) {
  document.getElementById(sessionStorage.getItem(at()))?.focus({ preventScroll: true });
}

customElements.define("l-keys-switch", class extends HTMLElement {
  connectedCallback() {
    const box = element("input", { type: "checkbox", checked: on() });
    box.setAttribute("role", "switch");
    box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
    const label = element("label", {}, box, element("span", { textContent: this.dataset.on }));
    this.append(element("p", { className: "field switch" }, label, element("small", { textContent: this.dataset.hint })));
  }
});
