// New posts: counted, never pushed under the reader. Where no posts are, only the numbers beside the navigation go on.

/** `numbers` by the path of what they are about. */
function number(numbers) {
  for (const [path, value] of Object.entries(numbers)) {
    for (const badge of document.querySelectorAll(`a[href="${path}"] [data-live]`)) {
      badge.hidden = !value;
      badge.childNodes[1].textContent = value < 100 ? value : "99+";
    }
  }
}

customElements.define("l-live", class extends HTMLElement {
  connectedCallback() {
    this.seen = new Set();
    this.isQuiet = "counts" in this.dataset; // no posts here
    // Another order, a part of it, or older posts: what is new stands elsewhere.
    this.isTop = !/order|only|_id/.test(location.search);
    this.addEventListener("click", (event) => {
      if (!this.isTop || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      this.insert().catch(() => location.assign(location.pathname));
    });
    this.follow = () => {
      if (document.hidden) return this.stop();
      this.start();
    };
    document.addEventListener("visibilitychange", this.follow);
    this.follow();
  }
  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.follow);
    this.stop();
  }
  start() {
    if (this.end && !this.end.signal.aborted) return;
    this.end = new AbortController();
    const hear = (kind, { counts, id, newest }) => {
      if (counts) number(counts);
      if (newest) this.compare(newest);
      if (kind === "update" && !this.isQuiet) this.note(id);
    };
    listen(this.getAttribute("src"), this.end.signal, hear, () => {
      if (this.isQuiet || this.timer) return;
      this.timer = setInterval(() => this.look(), 60000);
      if (this.isTop) this.look();
    });
  }
  stop() {
    this.end?.abort();
    clearInterval(this.timer);
    this.timer = null;
  }
  /** A stream begins with the newest that there is: nobody may have heard it come. */
  compare(newest) {
    if (this.isQuiet || !this.isTop || newest === this.dataset.newest) return;
    this.dataset.newest = newest;
    if (!this.seen.has(newest)) this.look();
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
    this.dataset.newest = page.querySelector("l-live").dataset.newest;
    this.seen.clear();
    this.replaceChildren();
    tick();
    const first = fresh[0].matches("article") ? fresh[0] : fresh[0].querySelector("article, summary");
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "start" });
  }
});
