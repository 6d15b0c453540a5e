// What the pages can do besides: everything works without this file. No framework, no build step.

const live = document.getElementById("live");
const words = JSON.parse(live?.dataset.words || "{}");
const acts = document.getElementById("acts");

// What waits in this browser is for whoever left it: if a session ended elsewhere and somebody else signs in, it goes.
const OWNER = "linnet.owner";
if (acts && localStorage.getItem(OWNER) !== acts.dataset.me) {
  if (localStorage.getItem(OWNER)) {
    for (const name of ["linnet.pressed", "linnet.unkept"]) localStorage.removeItem(name);
    globalThis.caches?.delete("linnet.files");
  }
  localStorage.setItem(OWNER, acts.dataset.me);
}

/** Say something, once, to everybody: seen for a while, read out politely. */
function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  live.append(line);
  setTimeout(() => line.remove(), 6000);
}
if (live?.children.length) setTimeout(() => live.replaceChildren(), 6000);

/** Send a form's fields and read the JSON that comes back; throws a sentence. */
async function send(address, body) {
  let response;
  try {
    response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    throw Object.assign(new Error(words.offline), { unreached: true });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer) {
    throw Object.assign(new Error(answer?.error || words.failed), { status: response.status });
  }
  return answer;
}
/** Whether what was sent may be taken later: there is no connection, or a session has ended. */
const waits = (error) => error.unreached || error.status === 401;

const element = (name, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};

const SVG = "http://www.w3.org/2000/svg";
const icon = (name) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  svg.firstChild.setAttribute("href", `${live.dataset.icons}#i-${name}`);
  return svg;
};

// ── no connection: the worker keeps what was read last, and marks it ──

if (acts && !location.pathname.startsWith("/admin")) {
  // When nothing waits for this page any more.
  addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));
}
if ("kept" in document.documentElement.dataset) {
  const notice = element("div", { className: "notice" }, icon("alert"), element("span", { textContent: words.kept }));
  (document.querySelector("main > .head") ?? document.querySelector("main").firstChild).after(notice);
}

// ── times ──

function ago(date) {
  const minutes = Math.floor((Date.now() - date) / 60000);
  if (minutes < 0) return null;
  if (minutes < 1) return words.now;
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h`;
  return null; // a day changes slowly: what the server said stays true
}

/** `23:40` today, `yesterday 23:40`, `Mon 23:40` a few days before or after, else `3 Nov, 23:40`. */
function clock(date) {
  const today = new Date().toDateString() === date.toDateString();
  if (new Date(Date.now() - 864e5).toDateString() === date.toDateString()) {
    const yesterday = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" }).format(-1, "day");
    return `${yesterday} ${date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })}`;
  }
  const day = Math.abs(Date.now() - date) < 6 * 864e5 ? { weekday: "short" } : { day: "numeric", month: "short" };
  return date.toLocaleString(undefined, { hour: "2-digit", minute: "2-digit", ...(today ? {} : day) });
}

function tick() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (isNaN(date)) continue;
    if (!time.dataset.local) {
      time.dataset.local = "1";
      const full = date.toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" });
      if (time.closest(".facts, .versions")) time.textContent = full;
      else if (time.className === "clock") time.textContent = clock(date);
      else time.title = full;
    }
    if (time.closest(".facts, .versions, .clock")) continue;
    const text = ago(date);
    if (text && time.textContent !== text) time.textContent = text;
  }
}
// The chosen tab is seen; the page itself stays where it is.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const [box, all] = [tab, tab.parentElement].map((one) => one.getBoundingClientRect());
  tab.parentElement.scrollLeft += box.left + box.width / 2 - all.left - all.width / 2;
}
tick();
setInterval(() => document.hidden || tick(), 60000);

// ── favourite, boost, bookmark: shown at once, taken back when the server says no ──

const COUNTS = { boost: "reblogs_count", favourite: "favourites_count" };
const FLAGS = { boost: "reblogged", favourite: "favourited", bookmark: "bookmarked" };

function show(button, pressed, step) {
  const count = button.lastChild?.nodeType === 3 ? button.lastChild : button.appendChild(document.createTextNode(""));
  const number = count.data.trim() === "" ? 0 : Number(count.data.replaceAll(",", ""));
  button.setAttribute("aria-pressed", pressed);
  const address = new URL(button.formAction);
  const path = address.pathname.split("/");
  path.push(pressed ? `un${path.pop().replace(/^un/, "")}` : path.pop().replace(/^un/, ""));
  button.setAttribute("formaction", path.join("/"));
  if (button.dataset.act in COUNTS && Number.isFinite(number)) {
    const now = Math.max(0, number + step);
    count.data = now ? now.toLocaleString("en") : "";
    const label = button.getAttribute("aria-label");
    button.setAttribute("aria-label", label.replace(/\d[\d,]*/, now.toLocaleString("en")));
  }
}

function act(button) {
  const pressed = button.getAttribute("aria-pressed") !== "true";
  return press(button, () => {
    show(button, pressed, pressed ? 1 : -1);
    button.classList.toggle("just", pressed);
  }, (answer) => {
    const status = answer.reblog || answer;
    if (Boolean(status[FLAGS[button.dataset.act]]) !== pressed) throw new Error(words.failed);
  }, () => show(button, !pressed, pressed ? -1 : 1));
}

/** `begin` shows what is done, `finish` takes the server's answer, `undo` shows what was before if there is none. */
async function press(button, begin, finish, undo) {
  if (button.dataset.busy) return; // presses while one is under way are one press
  button.dataset.busy = "1";
  const address = button.formAction;
  begin();
  try {
    finish(await send(address, new FormData(acts)));
  } catch (error) {
    if (error.unreached) {
      hold(new URL(address).pathname);
      say(words.pressed);
    } else {
      undo();
      say(error.message);
    }
  } finally {
    delete button.dataset.busy;
  }
}

/** A follow: the words of its three states, on small buttons and on the one of a profile. */
const FOLLOWS = { none: ["follow", "userplus"], asked: ["asked", "clock"], following: ["unfollow", "usercheck"] };
const wordOf = (button) => [...button.childNodes].find((node) => node.nodeType === 3 && node.data.trim());
function showFollow(button, state) {
  const [word, glyph] = FOLLOWS[state];
  wordOf(button).data = words[button.classList.contains("sm") ? word : `${word}Large`];
  button.querySelector("use")?.setAttribute("href", `${live.dataset.icons}#i-${glyph}`);
  button.classList.toggle("go", state === "none" && !button.classList.contains("sm"));
  button.dataset.state = state;
  const verb = state === "none" ? "follow" : "unfollow";
  button.setAttribute("formaction", new URL(button.formAction).pathname.replace(/(un)?follow$/, verb));
}

function follow(button) {
  const before = button.dataset.state;
  const word = wordOf(button).data;
  return press(
    button,
    () => showFollow(button, before === "none" ? ("asks" in button.dataset ? "asked" : "following") : "none"),
    (now) => showFollow(button, now.following ? "following" : now.requested ? "asked" : "none"),
    () => { showFollow(button, before); wordOf(button).data = word; },
  );
}

/** A vote: the results take the place of the choices. */
async function vote(form) {
  const fields = new FormData(form);
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await send(form.action, fields);
  } catch (error) {
    if (!error.unreached) {
      button.disabled = false;
      return say(error.message);
    }
    form.querySelector("fieldset").disabled = true;
    hold(`${new URL(form.action).pathname}?${new URLSearchParams(fields.getAll("choices").map((one) => ["choices", one]))}`);
    return say(words.pressed);
  }
  const address = form.closest("article").querySelector("a.when")?.href ?? location.href;
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
  const poll = page.querySelector("article.root .poll");
  if (!poll) return location.reload();
  const shown = document.importNode(poll, true);
  shown.tabIndex = -1;
  form.replaceWith(shown);
  shown.focus({ preventScroll: true });
}

// What is pressed without a connection waits in this browser; pressed twice, it is as if it never was.
const PRESSED = "linnet.pressed";
const held = () => {
  try {
    return [].concat(JSON.parse(localStorage.getItem(PRESSED)) ?? []).filter((one) => typeof one === "string");
  } catch {
    return []; // nothing of ours, or a browser that keeps nothing
  }
};
function keep(paths) {
  if (paths.length) localStorage.setItem(PRESSED, JSON.stringify(paths));
  else localStorage.removeItem(PRESSED);
}

function hold(path) {
  const other = path.includes("/un") ? path.replace("/un", "/") : path.replace(/\/(?=\w+$)/, "/un");
  const paths = held();
  keep(paths.includes(other) && other !== path ? paths.filter((one) => one !== other) : [...paths, path].slice(-100));
}

async function sendHeld() {
  for (const path of held()) {
    const [address, choices] = path.split("?");
    const body = new FormData(acts);
    for (const [name, value] of new URLSearchParams(choices)) body.append(name, value);
    try {
      await send(address, body);
    } catch (error) {
      if (waits(error)) return;
    }
    keep(held().filter((one) => one !== path)); // refused, it is as it was: the page shows that
  }
}
if (acts) {
  addEventListener("online", sendHeld);
  sendHeld();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act], button[data-state]");
  if (button && acts && button.dataset.act in FLAGS && !event.defaultPrevented) {
    event.preventDefault();
    act(button);
  } else if (button?.dataset.state && acts && !event.defaultPrevented) {
    event.preventDefault();
    follow(button);
  }
  const unfold = event.target.closest(".unfold a");
  if (unfold && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    const line = unfold.closest(".unfold");
    line.previousElementSibling.classList.remove("fold");
    line.previousElementSibling.tabIndex = -1;
    line.previousElementSibling.focus({ preventScroll: true });
    line.remove();
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.poll") || event.defaultPrevented) return;
  event.preventDefault();
  vote(event.target);
});

// ── older posts ──

// The address is that of the page of older posts which is read, and names the first one in view, so that loading anew and
// coming back lead there. The browser would look for the height of a page that was longer.
const cameWith = new Map(); // an entry of the feed, and the address of its page
const began = `${location.pathname}${location.search}`;
const wasRead = Boolean(history.state?.read);
const lastFeed = (page = document) => [...page.querySelectorAll("[data-feed]")].at(-1);
let settling;
function remember() {
  const head = parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockStart) + 1;
  const first = [...(lastFeed()?.children ?? [])].find((one) => one.id && one.getBoundingClientRect().bottom > head);
  if (!first) return;
  const read = wasRead || cameWith.has(first);
  history.scrollRestoration = read ? "manual" : "auto";
  history.replaceState(read ? { read } : null, "", `${cameWith.get(first) ?? began}${read ? `#${first.id}` : ""}`);
}
addEventListener("scroll", () => {
  if (!cameWith.size && !wasRead) return;
  clearTimeout(settling);
  settling = setTimeout(remember, 200);
}, { passive: true });
if (wasRead) document.getElementById(location.hash.slice(1))?.scrollIntoView();

customElements.define("l-more", class extends HTMLElement {
  connectedCallback() {
    this.pages = Number(this.dataset.pages || 0);
    this.addEventListener("click", (event) => {
      if (event.target.closest("a") && !event.metaKey && !event.ctrlKey && document.querySelector("[data-feed]")) {
        event.preventDefault();
        this.load();
      }
    });
    // After some pages the reader decides again, so that the end of the page can be reached.
    if (this.pages < 5 && !("paged" in document.body.dataset)) {
      this.watcher = new IntersectionObserver((seen) => seen[0].isIntersecting && this.load(), { rootMargin: "800px" });
      this.watcher.observe(this);
    }
  }
  disconnectedCallback() { this.watcher?.disconnect(); }
  async load() {
    if (this.busy) return;
    this.busy = true;
    const link = this.querySelector("a");
    try {
      const response = await fetch(link.href, { headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error();
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const child of [...(lastFeed(page)?.children ?? [])]) {
        if (child.id && document.getElementById(child.id)) continue;
        const entry = document.importNode(child, true);
        lastFeed().append(entry);
        cameWith.set(entry, `${link.pathname}${link.search}`);
      }
      const next = page.querySelector("l-more");
      if (next) {
        const more = document.importNode(next, true);
        more.dataset.pages = this.pages + 1;
        this.replaceWith(more);
      } else this.remove();
      tick();
    } catch {
      this.watcher?.disconnect(); // the link stays and works by itself
      this.busy = false;
    }
  }
});

// ── what moves rests on its first picture until somebody points at it, or moves where somebody wants that ──

function rest(image) {
  if (image.dataset.moving || image.src.startsWith("data:")) return;
  const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  canvas.getContext("2d").drawImage(image, 0, 0);
  image.dataset.moving = image.src;
  image.src = canvas.toDataURL();
}
if (!("moves" in document.body.dataset)) {
  const visit = (image) => image.naturalWidth && rest(image);
  document.querySelectorAll("img.emoji").forEach((image) => image.complete && visit(image));
  document.addEventListener("load", (event) => event.target.matches?.("img.emoji") && visit(event.target), true);
  for (const [name, from] of [["mouseover", "moving"], ["mouseout", "resting"]]) {
    document.addEventListener(name, ({ target }) => {
      if (!target.dataset?.moving) return;
      target.dataset.resting ??= target.src;
      target.src = target.dataset[from];
    });
  }
} else {
  const move = (image) => {
    const { moving } = image.dataset ?? {};
    if (moving && image.getAttribute("src") !== moving) image.src = moving;
  };
  document.querySelectorAll("img[data-moving]").forEach(move);
  document.addEventListener("load", (event) => move(event.target), true);
}

// ── counts and polls: as they are now, where nobody is about to press ──

/** `now` is a post as the server shows it. */
function renew(now) {
  const id = now.dataset.id;
  for (const shown of id ? document.querySelectorAll(`article[data-id="${CSS.escape(id)}"]`) : []) {
    if (shown.querySelector("[data-busy]")) continue;
    const take = (selector) => {
      const [old, fresh] = [shown, now].map((one) => [...one.querySelectorAll(selector)]);
      if (old.length !== fresh.length) return;
      old.forEach((one, i) => {
        if (!one.isEqualNode(fresh[i]) && !one.contains(document.activeElement)) one.replaceWith(document.importNode(fresh[i], true));
      });
    };
    take(".acts > .act:not(.m)");
    take(".facts > a");
    const poll = shown.querySelector(".poll");
    // Who is about to choose goes on; only how many have voted is new.
    if (poll?.matches("form") && now.querySelector("form.poll")) take("form.poll > p > span");
    else if (!poll?.querySelector(":checked")) take(".poll");
  }
}

const EVERY_MS = 60000;
let renewed = Date.now();
async function renewAll() {
  if (document.hidden || !navigator.onLine || Date.now() - renewed < EVERY_MS - 1000) return;
  renewed = Date.now();
  const near = [...document.querySelectorAll("article[data-id]:has(.acts)")].filter((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom > -innerHeight && top < 2 * innerHeight;
  });
  const ids = [...new Set(near.map((one) => one.dataset.id))].slice(0, 40);
  if (!ids.length) return;
  const asked = new URLSearchParams(ids.map((id) => ["ids", id]));
  asked.append("as", acts.dataset.me);
  asked.append("root", document.querySelector("article.root")?.dataset.id ?? "");
  const answer = await fetch(`/events/posts?${asked}`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("article").forEach(renew);
}
if (acts) {
  setInterval(renewAll, EVERY_MS);
  document.addEventListener("visibilitychange", renewAll);
}

// ── new posts: counted, never pushed under the reader ──

customElements.define("l-live", class extends HTMLElement {
  connectedCallback() {
    this.seen = new Set();
    // Another order, a part of it, or older posts: what is new stands elsewhere.
    this.isTop = !/order|only|_id/.test(location.search);
    this.addEventListener("click", (event) => {
      if (!this.isTop || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      this.insert().catch(() => location.assign(location.pathname));
    });
    this.follow = () => (document.hidden ? this.stop() : this.start());
    document.addEventListener("visibilitychange", this.follow);
    this.follow();
  }
  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.follow);
    this.stop();
  }
  start() {
    if (this.source) return;
    this.source = new EventSource(this.getAttribute("src"));
    this.source.addEventListener("update", (event) => this.note(JSON.parse(event.data).id));
    // Not every network lets a stream through, and a server may refuse one.
    this.source.addEventListener("error", () => {
      if (this.source?.readyState === EventSource.CLOSED) this.timer ??= setInterval(() => this.look(), 60000);
    });
  }
  stop() {
    this.source?.close();
    this.source = null;
    clearInterval(this.timer);
    this.timer = null;
  }
  note(id) {
    if (this.seen.has(id) || document.getElementById(`post-${id}`)) return;
    this.seen.add(id);
    const there = this.querySelector("a");
    const link = there ?? this.appendChild(element("div", { className: "pill" },
      element("a", { className: "btn go sm", href: location.pathname }))).firstChild;
    link.dataset.key = ".";
    link.textContent = words.new.replace("{n}", this.seen.size);
    // Read out once, not with each post.
    if (!there) live.append(element("p", { className: "vh", textContent: link.textContent }));
  }
  /** The page as it is now: what is above everything that is shown here, and all of its feed. */
  async read() {
    const response = await fetch(`${location.pathname}?newest=1`, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) throw new Error();
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // In another window the browser was switched to another account.
    if (page.getElementById("acts")?.dataset.me !== acts.dataset.me) throw new Error();
    const all = [...page.querySelector("[data-feed]").children];
    const known = (entry) => [entry, ...entry.querySelectorAll("article")].some((one) => one.id && document.getElementById(one.id));
    const at = all.findIndex(known);
    return { page, all, above: all.slice(0, at < 0 ? all.length : at).filter((entry) => entry.matches(":has(article), article")), isWhole: at >= 0 };
  }
  async look() {
    const { above } = await this.read().catch(() => ({ above: [] }));
    for (const entry of above) for (const post of entry.matches("article") ? [entry] : entry.querySelectorAll("article")) this.note(post.dataset.id);
  }
  async insert() {
    const { page, all, above, isWhole } = await this.read();
    if (!isWhole || !above.length) return location.assign(location.pathname); // more than a page, or none that is left
    for (const entry of all) for (const post of [entry, ...entry.querySelectorAll("article")]) renew(post);
    const fresh = above.map((entry) => document.importNode(entry, true));
    document.querySelector("[data-feed]").prepend(...fresh);
    const [newest, now] = [document, page].map((one) => one.querySelector(".mark-read [name=last_read_id]"));
    if (newest && now) newest.value = now.value;
    this.seen.clear();
    this.replaceChildren();
    tick();
    const first = fresh[0].matches("article") ? fresh[0] : fresh[0].querySelector("article, summary");
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "start" });
  }
});

// ── writing ──

// As the server counts (node/text/length.py): an address is 23 characters, a remote name counts without its server.
const ADDRESS = /https?:\/\/[^\s<>"]+/g;
const NAME = /(^|[^\w/])@(\w[\w.-]*)@[\w.-]+\w/g;
const graphemes = globalThis.Intl?.Segmenter ? new Intl.Segmenter() : null;
const size = (text) => {
  const short = text.replace(ADDRESS, "x".repeat(23)).replace(NAME, "$1@$2");
  return graphemes ? [...graphemes.segment(short)].length : [...short].length;
};

/** Names and hashtags while they are typed: arrows choose, Enter or Tab takes, Escape leaves. */
class Suggestions {
  constructor(text) {
    this.text = text;
    this.list = element("ul", { className: "suggest", id: `${text.id}-suggest`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.suggestions);
    text.after(this.list);
    text.setAttribute("aria-autocomplete", "list");
    text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), 200);
    });
    text.addEventListener("keydown", (event) => this.key(event));
    text.addEventListener("blur", () => setTimeout(() => this.show([]), 200));
  }
  word() {
    return /(?:^|[\s(])([@#:][^\s@#:(]{2,}(?:@[\w.-]*)?)$/.exec(this.text.value.slice(0, this.text.selectionStart))?.[1];
  }
  async look() {
    const word = this.word();
    if (!word) return this.show([]);
    const answer = await fetch(`/compose/suggest?q=${encodeURIComponent(word)}`).catch(() => null);
    const found = answer?.ok ? await answer.json() : [];
    if (word === this.word()) this.show(found);
  }
  show(found) {
    this.found = found;
    this.list.hidden = !found.length;
    this.list.replaceChildren(...found.map((one, i) => {
      const row = element("li", { id: `${this.list.id}-${i}`, textContent: one.label, dir: "auto" });
      row.setAttribute("role", "option");
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); this.take(i); });
      return row;
    }));
    if (found.length) this.text.setAttribute("aria-controls", this.list.id);
    this.choose(found.length ? 0 : -1);
  }
  choose(at) {
    this.at = at;
    [...this.list.children].forEach((row, i) => row.setAttribute("aria-selected", i === at));
    if (at < 0) this.text.removeAttribute("aria-activedescendant");
    else this.text.setAttribute("aria-activedescendant", this.list.children[at].id);
  }
  key(event) {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose((this.at + step + this.found.length) % this.found.length);
    else if (event.key === "Escape") this.show([]);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) this.take(this.at);
    else return;
    event.preventDefault();
  }
  take(at) {
    const end = this.text.selectionStart;
    this.text.setRangeText(`${this.found[at].insert} `, end - this.word().length, end, "end");
    this.show([]);
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Without this the server takes the time for UTC.
customElements.define("l-later", class extends HTMLElement {
  connectedCallback() {
    const [time, offset] = this.querySelectorAll("input");
    const ahead = () => -new Date(time.value).getTimezoneOffset() || 0;
    if (time.value && offset.value === "0") {
      const at = new Date(`${time.value}Z`);
      at.setMinutes(at.getMinutes() - at.getTimezoneOffset());
      time.value = at.toISOString().slice(0, 16);
    }
    this.querySelector("small")?.remove();
    time.addEventListener("input", () => { offset.value = ahead(); });
    offset.value = ahead();
  }
});

// Forms that the server could not take, the last ones, by the names of their drafts: [name of a field, value], …
const UNKEPT = "linnet.unkept";
const MOST_UNKEPT = 20;
function unkept() {
  try {
    const found = JSON.parse(localStorage.getItem(UNKEPT));
    return found && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}
function keepForm(draft, fields) {
  const all = Object.entries(unkept()).filter(([name]) => name !== draft);
  if (fields) all.push([draft, fields]);
  if (all.length) localStorage.setItem(UNKEPT, JSON.stringify(Object.fromEntries(all.slice(-MOST_UNKEPT))));
  else localStorage.removeItem(UNKEPT);
}
/** What a form answers and quotes. */
const about = (fields) => ["in_reply_to_id", "quoted_status_id"].map((name) => new Map(fields).get(name) ?? "").join();

// Pictures of such forms. `held_2_…` is the field that describes one of the second post; the worker knows the name, too.
const FILES = "linnet.files";
const HELD = /^held_(\d+)_(\w+)$/;
const place = (key) => `/held/${key}`;
async function stow(file) {
  const key = crypto.randomUUID().slice(0, 8);
  const headers = { "X-Name": encodeURIComponent(file.name) };
  await (await caches.open(FILES)).put(place(key), new Response(file, { headers }));
  return key;
}
async function stowed(key) {
  const found = await (await caches.open(FILES)).match(place(key));
  return found && new File([await found.blob()], decodeURIComponent(found.headers.get("X-Name")));
}
const unstow = async (key) => (await caches.open(FILES)).delete(place(key));

/** Upload a file: throws as `send` does. */
function upload(csrf, file, description = "") {
  const body = new FormData();
  body.append("csrf", csrf);
  body.append("file", file);
  body.append("description", description);
  return send("/compose/media", body);
}
const mediaName = (number) => (number > 1 ? `media_ids_${number}` : "media_ids");

customElements.define("l-compose", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.text = this.form.elements.text;
    this.form.classList.add("scripted");
    this.form.addEventListener("input", () => { this.count(); this.later(); });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
    this.form.addEventListener("submit", (event) => this.submit(event));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      this.form.addEventListener(kind, (event) => {
        if (![...event.dataTransfer.types].includes("Files")) return;
        event.preventDefault();
        this.form.classList.toggle("drop", kind === "dragover");
        if (kind === "drop") this.upload([...event.dataTransfer.files], event.target.closest(".next") ?? this.form);
      });
    }
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("[name=remove_media], [name=remove_post], [value=more]");
      if (!button || (button.value === "more" && !this.more())) return;
      event.preventDefault();
      if (button.value === "more") return;
      const gone = button.closest(button.name === "remove_post" ? ".next" : "li");
      for (const row of [gone, ...gone.querySelectorAll("[data-held]")]) if (row.dataset.held) unstow(row.dataset.held);
      gone.remove();
      this.following().forEach((part, i) => {
        const legend = part.querySelector("legend");
        legend.textContent = legend.textContent.replace(/\d+/, i + 2);
      });
      this.text.focus();
      this.later();
    });
    this.form.addEventListener("change", (event) => {
      if (!event.target.dataset.part || !event.target.checked) return;
      const name = { warn: "spoiler_text", poll: "poll_option", options: "language" }[event.target.dataset.part];
      const field = this.form.elements[name];
      (field instanceof RadioNodeList ? field[0] : field)?.focus();
    });
    this.prepare(this.form);
    this.following().forEach((part) => this.prepare(part));
    this.receivers = this.form.querySelector(".receivers > div");
    if (this.receivers) {
      this.form.addEventListener("input", () => this.ask(1000));
      this.form.addEventListener("change", () => this.ask(0, "on"));
      if (!this.receivers.children.length) this.ask(0, "on");
    }
    // A new post is kept as a draft; an edit is not, so the browser asks.
    if (this.form.elements.draft) {
      // What is on its way when the page goes may not arrive; said twice, it is kept once.
      addEventListener("pagehide", () => {
        if (this.sent || !(this.changed || this.keeping)) return;
        if (navigator.onLine) navigator.sendBeacon("/drafts", this.typed());
        if (!navigator.onLine || this.isHeld()) this.hold();
      });
      addEventListener("online", () => this.changed && this.keep());
      this.bring();
    } else {
      addEventListener("beforeunload", (event) => {
        if (!this.sent && this.text.value !== this.text.defaultValue) event.preventDefault();
      });
    }
    this.count();
  }
  /** The form, whose first fields are those of the first post, or one of the posts that follow. */
  prepare(part) {
    const text = part.querySelector("textarea");
    const files = part === this.form ? part.elements.media : part.querySelector("[type=file]");
    files.addEventListener("change", () => {
      const chosen = [...files.files];
      files.value = "";
      this.upload(chosen, part);
    });
    text.addEventListener("paste", (event) => {
      const pasted = [...event.clipboardData.files];
      if (pasted.length) { event.preventDefault(); this.upload(pasted, part); }
    });
    new Suggestions(text);
  }
  following() { return [...this.form.querySelectorAll(".next")]; }
  /** One post more, as the server would make it; false where that is left to the server. */
  more() {
    const all = this.following();
    if (!this.dataset.next || all.length >= this.dataset.most) return false;
    const number = 1 + Math.max(1, ...all.map((part) => Number(part.dataset.number)));
    const before = this.form.querySelector(".receivers");
    before.insertAdjacentHTML("beforebegin", this.dataset.next.replaceAll("{n}", number));
    const part = before.previousElementSibling;
    this.prepare(part);
    this.count();
    part.querySelector("textarea").focus();
    return true;
  }
  typed() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    return body;
  }
  later() {
    if (!this.form.elements.draft || this.sent) return;
    this.changed = true;
    this.timer ??= setTimeout(() => this.keep(), 3000);
  }
  keep() {
    this.timer = null;
    this.changed = false;
    const turn = Promise.resolve(this.keeping).then(() => this.release()).then(() => send("/drafts", this.typed())).then((answer) => {
      this.unreached = false;
      keepForm(this.draft);
      if (answer.note && !this.told) say(this.told = answer.note); // it is kept beside another's
      if (answer.kept && location.pathname === "/compose") {
        const as = this.form.elements.post_as;
        history.replaceState(null, "", `/compose?draft=${this.draft}${as ? `&post_as=${as.value}` : ""}`); // found again by a reload
      }
    }, (error) => {
      this.changed = true;
      this.unreached = Boolean(error.unreached);
      if (!this.unreached) return;
      if (!this.isHeld()) say(words.unkept);
      this.hold();
    }).finally(() => { if (this.keeping === turn) this.keeping = null; });
    this.keeping = turn;
  }
  get draft() { return this.form.elements.draft?.value ?? ""; }
  texts() { return [this.text, ...this.following().map((part) => part.querySelector("textarea"))]; }
  isHeld() { return this.draft in unkept(); }
  fields() { return [...this.typed()].filter(([name]) => !["csrf", "next", "draft"].includes(name)); }
  /** In this browser, since the server cannot be reached. */
  hold() {
    try {
      keepForm(this.draft, this.fields());
    } catch {
      say(words.failed); // a browser that keeps nothing
    }
  }
  /** What was held, perhaps by a page that is closed now, comes back where nothing else is written. */
  async bring() {
    const subject = about(this.fields());
    const [draft, fields] = Object.entries(unkept()).filter(([, one]) => about(one) === subject).at(-1) ?? [];
    // An answer begins with names; whatever else is there was written.
    const isBegun = this.text.value && (subject === "," || this.text.value !== this.text.defaultValue);
    if (!draft || isBegun || this.form.querySelector(".attached li")) return;
    this.form.elements.draft.value = draft;
    const left = [...fields];
    for (const field of this.form.querySelectorAll("input, textarea, select")) {
      const at = left.findIndex(([name]) => name === field.name);
      if (field.type === "checkbox") field.checked = at >= 0;
      else if (at >= 0) [[, field.value]] = left.splice(at, 1);
    }
    const parts = { 1: this.form };
    for (const [name, text] of fields) {
      const number = /^text_(\d+)$/.exec(name)?.[1];
      if (!number) continue;
      if (this.more()) {
        parts[number] = this.following().at(-1);
        parts[number].querySelector("textarea").value = text;
      } else this.text.value += `\n\n${text}`;
    }
    for (const [name, value] of fields) {
      const [, number, key] = HELD.exec(name) ?? [];
      const uploaded = /^media_ids(?:_(\d+))?$/.exec(name);
      const part = parts[number ?? uploaded?.[1] ?? 1] ?? this.form;
      if (uploaded) this.attach(part, this.row({ id: value }, part, new Map(fields).get(`description_${value}`)));
      else if (key) {
        const file = await stowed(key).catch(() => null);
        if (file) this.attach(part, this.waiting(key, file, part, value));
      }
    }
    for (const [part, names] of [["warn", ["spoiler_text"]], ["poll", ["poll_option"]], ["options", ["sensitive", "local_only", "scheduled_at"]]]) {
      const box = this.form.querySelector(`[data-part=${part}]`);
      if (box && fields.some(([name, value]) => names.includes(name) && value)) box.checked = true;
    }
    this.count();
    this.later();
  }
  /** Who gets a message. Names of other servers are looked up when a field is left, not while they are typed. */
  ask(delay, look = "") {
    clearTimeout(this.asking);
    if (this.form.elements.visibility.value !== "direct") return;
    this.asking = setTimeout(async () => {
      const body = this.typed();
      body.append("look", look);
      const asked = this.asked = {};
      const answer = await fetch("/compose/recipients", { method: "POST", body }).catch(() => null);
      if (!answer?.ok || answer.redirected || asked !== this.asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.receivers.replaceChildren(...page.body.childNodes);
    }, delay);
  }
  /** What is under way arrives before the post does: else it would be kept after it was posted. */
  submit(event) {
    if (!navigator.onLine) {
      event.preventDefault();
      if (this.form.elements.draft) this.hold();
      return say(this.form.elements.draft ? words.unkept : words.offline);
    }
    clearTimeout(this.timer);
    if (this.isHeld() && !this.keeping) this.keep();
    this.changed = false;
    this.sent = true;
    if (!this.keeping) return;
    event.preventDefault();
    const pressed = event.submitter;
    this.keeping.then(() => {
      if (this.unreached) { this.sent = false; return say(words.unkept); }
      keepForm(this.draft); // no draft, the server says, but it may be a post
      this.changed = false;
      this.form.requestSubmit(pressed);
    });
  }
  count() {
    const warning = size(this.form.elements.spoiler_text?.value ?? "");
    for (const output of this.form.querySelectorAll(".count")) {
      const left = this.dataset.max - size(document.getElementById(output.htmlFor).value) - warning;
      output.value = left;
      output.classList.toggle("over", left < 0);
    }
  }
  async upload(files, part) {
    const list = part.querySelector(".attached");
    for (const file of files) {
      if (list.children.length >= this.dataset.media) { say(words.enough); return; }
      const row = element("li", {}, element("progress"), element("span", { textContent: file.name }));
      list.append(row);
      try {
        const made = this.row(await upload(this.dataset.csrf, file), part);
        row.replaceWith(made);
        made.querySelector("textarea").focus();
        this.later();
      } catch (error) {
        // An edit is no draft, and a browser may keep nothing.
        const key = error.unreached && this.draft && await stow(file).catch(() => null);
        if (key) {
          row.replaceWith(this.waiting(key, file, part));
          this.hold();
          this.changed = true; // for when there is a connection
          say(words.unkept);
        } else {
          row.remove();
          say(`${file.name}: ${error.message}`);
        }
      }
    }
  }
  attach(part, row) { part.querySelector(".attached").append(row); }
  number(part) { return Number(part.dataset.number ?? 1); }
  /** One picture of the form: its description, and what the form sends of it. */
  row(media, part, description = "") {
    const made = this.pictured(media, `description_${media.id}`, description);
    made.children[media.preview_url ? 1 : 0].append(
      element("input", { type: "hidden", name: mediaName(this.number(part)), value: media.id }));
    return made;
  }
  /** One that waits for a connection. */
  waiting(key, file, part, description = "") {
    const preview_url = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
    const made = this.pictured({ id: key, preview_url }, `held_${this.number(part)}_${key}`, description);
    made.dataset.held = key;
    made.file = file; // another window may have sent it meanwhile
    return made;
  }
  pictured(media, name, description) {
    const box = element("textarea", { id: `d-${media.id}`, name, rows: 2, dir: "auto", value: description });
    const button = element("button", { className: "iconbtn", name: "remove_media", value: media.id }, icon("close"));
    button.setAttribute("aria-label", words.remove);
    return element("li", {},
      media.preview_url ? element("img", { src: media.preview_url, alt: "", width: 84, height: 84 }) : "",
      element("span", {}, element("label", { htmlFor: box.id, textContent: words.describe }), box), button);
  }
  /** Send the pictures that wait; throws while the server cannot be reached. */
  async release() {
    for (const row of this.form.querySelectorAll("[data-held]")) {
      const part = row.closest(".next") ?? this.form;
      const text = row.querySelector("textarea").value;
      try {
        row.replaceWith(this.row(await upload(this.dataset.csrf, row.file, text), part, text));
      } catch (error) {
        if (waits(error)) throw error;
        row.remove();
        say(`${row.file.name}: ${error.message}`);
      }
      unstow(row.dataset.held);
    }
  }
});

/** What was held for a form that is not on this page becomes a draft on the server. */
async function sendForms() {
  const here = [...document.querySelectorAll("l-compose")].map((one) => one.draft);
  for (const [draft, fields] of Object.entries(unkept())) {
    if (here.includes(draft)) continue;
    const body = new FormData(acts);
    body.append("draft", draft);
    try {
      for (const [name, value] of fields) {
        const [, number, key] = HELD.exec(name) ?? [];
        const file = key && await stowed(key);
        if (!key) body.append(name, value);
        else if (file) {
          const media = await upload(body.get("csrf"), file, value).catch((error) => {
            if (waits(error)) throw error;
            say(`${file.name}: ${error.message}`);
          });
          if (media) body.append(mediaName(Number(number)), media.id);
        }
      }
      const { kept } = await send("/drafts", body);
      for (const [name] of fields) if (HELD.test(name)) unstow(HELD.exec(name)[2]);
      keepForm(draft);
      if (kept) say(words.drafted);
    } catch (error) {
      if (waits(error)) return;
      say(error.message); // it stays here
    }
  }
}
if (acts) {
  addEventListener("online", sendForms);
  sendForms();
}

// ── pictures ──

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.zoom");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const all = [...link.closest(".media").querySelectorAll("a.zoom")];
  let at = all.indexOf(link);
  const image = element("img", { alt: "" });
  const text = element("p", { dir: "auto" });
  const control = (name, label, step) => {
    const button = element("button", { className: "iconbtn", type: "button" }, icon(name));
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => (step ? turn(step) : view.close()));
    return button;
  };
  const row = element("div", { className: "row" });
  if (all.length > 1) row.append(control("back", words.previous, -1));
  row.append(control("close", words.close, 0));
  if (all.length > 1) row.append(control("forward", words.next, 1));
  const view = element("dialog", { className: "view" }, image, text, row);
  view.setAttribute("aria-label", words.picture);
  function turn(step) {
    at = (at + step + all.length) % all.length;
    const shown = all[at].querySelector("img");
    image.src = all[at].href;
    image.alt = shown.alt;
    text.textContent = shown.alt || words.nodescription;
  }
  view.addEventListener("keydown", (pressed) => {
    if (pressed.key === "ArrowRight") turn(1);
    if (pressed.key === "ArrowLeft") turn(-1);
  });
  view.addEventListener("click", (pressed) => pressed.target === view && view.close());
  view.addEventListener("close", () => { view.remove(); link.focus(); });
  document.body.append(view);
  turn(0);
  view.showModal();
});

// ── copying ──

customElements.define("l-copy", class extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const button = element("button", { className: "iconbtn", type: "button", title: this.dataset.label }, icon("copy"));
    button.setAttribute("aria-label", this.dataset.label);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.dataset.text);
      say(this.dataset.done);
    });
    this.append(button);
  }
});

// ── keys ──

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

const keys = {
  j: () => move(1),
  k: () => move(-1),
  Enter: (post) => post?.querySelector("a.when")?.click(),
  r: (post) => post?.querySelector(".act.r")?.click(),
  b: (post) => post?.querySelector(".act.b:not([disabled])")?.click(),
  f: (post) => post?.querySelector(".act.f")?.click(),
  s: (post) => post?.querySelector(".act.k")?.click(),
  x: (post) => { const warning = post?.querySelector("details.cw"); if (warning) warning.open = !warning.open; },
  u: (post) => { const all = posts(); (all[all.indexOf(post) - 1] ?? all[0])?.focus(); },
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

customElements.define("l-keys-switch", class extends HTMLElement {
  connectedCallback() {
    const box = element("input", { type: "checkbox", checked: on() });
    box.setAttribute("role", "switch");
    box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
    const label = element("label", {}, box, element("span", { textContent: this.dataset.on }));
    this.append(element("p", { className: "field switch" }, label, element("small", { textContent: this.dataset.hint })));
  }
});
