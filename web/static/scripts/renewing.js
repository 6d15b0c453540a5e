// Counts and polls: as they are now, where nobody is about to press.

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
    take(".facts > span");
    const poll = shown.querySelector(".poll");
    // Who is about to choose goes on; only how many have voted is new.
    if (poll?.matches("form") && now.querySelector("form.poll")) take("form.poll > p > span");
    else if (!poll?.querySelector(":checked")) take(".poll");
  }
}

/** Pages of figures: read again while somebody looks, and put where nobody is about to press or has opened something. */
customElements.define("l-renew", class extends HTMLElement {
  connectedCallback() {
    this.textContent = this.dataset.words;
    this.timer = setInterval(() => this.renew(), 30000);
  }
  disconnectedCallback() {
    clearInterval(this.timer);
  }
  async renew() {
    if (document.hidden || !navigator.onLine) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [shown, now] = [document, page].map((one) => [...one.querySelectorAll("[data-renewed]")]);
    shown.forEach((one, i) => {
      if (!now[i] || one.contains(document.activeElement) || one.querySelector("details[open]")) return;
      one.replaceChildren(...document.importNode(now[i], true).childNodes);
    });
    tick();
  }
});

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
