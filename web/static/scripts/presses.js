// Favourites, boosts, bookmarks, follows, votes: shown at once, taken back when the server says no.

const COUNTS = { boost: "reblogs_count", favourite: "favourites_count" };
const FLAGS = { boost: "reblogged", favourite: "favourited", bookmark: "bookmarked" };

const tongue = document.documentElement.lang;
/** As the server writes it (web/rendering/numbers.py), with marks between thousands; NaN for what is rounded: 12.3k. */
const numberOf = (text) => (/^[\d.,\s]*$/.test(text) ? Number(text.replace(/\D/g, "")) : NaN);

function show(button, pressed, step) {
  const count = button.lastChild?.nodeType === 3 ? button.lastChild : button.appendChild(document.createTextNode(""));
  const number = numberOf(count.data);
  button.setAttribute("aria-pressed", pressed);
  const address = new URL(button.formAction);
  const path = address.pathname.split("/");
  path.push(pressed ? `un${path.pop().replace(/^un/, "")}` : path.pop().replace(/^un/, ""));
  button.setAttribute("formaction", path.join("/"));
  if (button.dataset.act in COUNTS && Number.isFinite(number)) {
    const now = Math.max(0, number + step);
    const said = now.toLocaleString(tongue, { useGrouping: "always" });
    count.data = now ? said : "";
    const form = new Intl.PluralRules(tongue).select(now) === "one" ? "One" : "Many";
    button.setAttribute("aria-label", words[button.dataset.act + form].replace("{n}", said));
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

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act], button[data-state]");
  if (button && acts && button.dataset.act in FLAGS && !event.defaultPrevented) {
    event.preventDefault();
    act(button);
  } else if (button?.dataset.state && acts && !event.defaultPrevented) {
    event.preventDefault();
    follow(button);
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.poll") || event.defaultPrevented) return;
  event.preventDefault();
  vote(event.target);
});
