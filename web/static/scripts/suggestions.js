// Suggestions of names, hashtags and emoji in the composer.

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
