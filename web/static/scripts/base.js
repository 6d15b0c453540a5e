// What the pages can do besides: everything works without this. No framework, no build step. The parts of this folder are one
// module, which the server joins in the order of web/rendering/static.py: each may use what stands in those before it. Between two
// of them the page may answer whoever reads it: on a slow phone all of them at once would be a stop that is felt.

const breath = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

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

// No connection: the worker keeps what was read last, and marks it.
if (acts && !/^\/(admin|auth|oauth)\b/.test(location.pathname)) {
  // When nothing waits for this page any more.
  const register = () => navigator.serviceWorker?.register("/sw.js").catch(() => {});
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}
if ("kept" in document.documentElement.dataset) {
  const notice = element("div", { className: "notice" }, icon("alert"), element("span", { textContent: words.kept }));
  (document.querySelector("main > .head") ?? document.querySelector("main").firstChild).after(notice);
}
