// Older posts: loaded where the reader comes to the end, and the address follows.

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
