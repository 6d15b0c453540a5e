// The composer: counter, drafts, pictures, threads.

// As the server counts (node/text/length.py): an address is 23 characters, a remote name counts without its server.
const ADDRESS = /https?:\/\/[^\s<>"]+/g;
const NAME = /(^|[^\w/])@(\w[\w.-]*)@[\w.-]+\w/g;
const graphemes = globalThis.Intl?.Segmenter ? new Intl.Segmenter() : null;
const size = (text) => {
  const short = text.replace(ADDRESS, "x".repeat(23)).replace(NAME, "$1@$2");
  return graphemes ? [...graphemes.segment(short)].length : [...short].length;
};

customElements.define("l-compose", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.text = this.form.elements.text;
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
      const name = { warn: "spoiler_text", poll: "poll_option", options: "language", later: "scheduled_at" }[event.target.dataset.part];
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
      // What is on its way when the page goes may not arrive, so the next page says it again; said twice, it is kept once.
      addEventListener("pagehide", () => {
        if (this.sent || !(this.changed || this.keeping)) return;
        const isHoped = navigator.onLine && !this.isHeld() && navigator.sendBeacon("/drafts", this.typed());
        this.hold(isHoped ? [[HOPED, ""]] : []);
      });
      addEventListener("pageshow", (event) => { if (event.persisted) this.sent = false; });
      addEventListener("online", () => this.changed && this.keep());
      document.addEventListener("submit", (event) => this.leave(event));
      // What was typed before this script came; a page that is loaded again has it from the browser, and its draft is kept.
      const [{ type } = {}] = performance.getEntriesByType("navigation");
      if (type === "navigate" && this.text.value !== this.text.defaultValue) this.later();
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
    clearTimeout(this.timer);
    this.timer = null;
    this.changed = false;
    const turn = Promise.resolve(this.keeping).then(() => this.release()).then(() => send("/drafts", this.typed())).then((answer) => {
      this.failure = null;
      keepForm(this.draft);
      if (answer.note && !this.told) say(this.told = answer.note); // it is kept beside another's
      if (answer.kept && location.pathname === "/compose") {
        const as = this.form.elements.post_as;
        history.replaceState(null, "", `/compose?draft=${this.draft}${as ? `&post_as=${as.value}` : ""}`); // found again by a reload
      }
    }, (error) => {
      this.changed = true;
      this.failure = error;
      if (!this.isHeld()) say(error.unreached ? words.unkept : error.status === 401 ? words.away : error.message);
      this.hold();
    }).finally(() => { if (this.keeping === turn) this.keeping = null; });
    this.keeping = turn;
  }
  get draft() { return this.form.elements.draft?.value ?? ""; }
  texts() { return [this.text, ...this.following().map((part) => part.querySelector("textarea"))]; }
  isHeld() { return this.draft in unkept(); }
  fields() { return [...this.typed()].filter(([name]) => !["csrf", "next", "draft"].includes(name)); }
  /** In this browser, since the server does not take it. */
  hold(more = []) {
    try {
      keepForm(this.draft, [...this.fields(), ...more]);
    } catch {
      say(words.failed); // a browser that keeps nothing
    }
  }
  /** What was held, perhaps by a page that is closed now, comes back: to its own draft, or where nothing else is written. */
  async bring() {
    const own = unkept()[this.draft];
    const subject = about(this.fields());
    const others = Object.entries(unkept()).filter(([, one]) => about(one) === subject && !isHoped(one));
    const [draft, fields] = own ? [this.draft, own] : others.at(-1) ?? [];
    // An answer begins with names; whatever else is there was written.
    const isBegun = this.text.value && (subject === "," || this.text.value !== this.text.defaultValue);
    if (!draft || (!own && (isBegun || this.form.querySelector(".attached li")))) return;
    for (const old of this.form.querySelectorAll(".next, .attached li")) old.remove();
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
    for (const [part, names] of [["warn", ["spoiler_text"]], ["poll", ["poll_option"]], ["options", ["sensitive", "local_only"]], ["later", ["scheduled_at"]]]) {
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
  /** What was typed last, or is under way, arrives before the post does: it is safe, and not kept after it was posted. */
  submit(event) {
    if (!navigator.onLine) {
      event.preventDefault();
      if (this.form.elements.draft) this.hold();
      return say(this.form.elements.draft ? words.unkept : words.offline);
    }
    if (!this.isSafe && (this.changed || (this.isHeld() && !this.keeping))) this.keep();
    this.isSafe = false;
    this.sent = true;
    if (!this.keeping) return;
    event.preventDefault();
    const pressed = event.submitter;
    this.keeping.then(() => {
      if (this.failure?.unreached) { this.sent = false; return say(words.unkept); }
      // No draft, the server says, but it may be a post. Of whom, it no longer knows if a session has ended.
      if (!this.failure || [400, 422].includes(this.failure.status)) keepForm(this.draft);
      this.isSafe = true;
      this.form.requestSubmit(pressed);
    });
  }
  /** Signing out leaves nothing in this browser, so what was typed is sent first. */
  leave(event) {
    const isNew = this.changed || this.keeping || this.isHeld();
    if (!isNew || !event.target.matches("[action='/auth/sign-out']")) return;
    event.preventDefault();
    this.keep();
    this.keeping.then(() => {
      if (!this.failure || this.failure.status === 401) event.target.submit();
      else say(this.failure.unreached ? words.unkept : this.failure.message);
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

if (acts) {
  addEventListener("online", sendForms);
  sendForms();
}
