// What pages do besides comes after what they show: app.js weighs more than a page, and where it is new to a browser it would share
// the way with the picture that somebody waits for. Who has it already begins at once, who touches the page has it then.

const address = document.querySelector("script[data-app]").dataset.app;
const HAD = "linnet.script";
const TOUCHES = ["pointerdown", "keydown", "wheel"];
// What the script may answer, so that early presses wait for it instead of leading to another page; not for ever.
const TAKEN = "button:not([popovertarget]), a.zoom, l-more a, l-live a";
const PATIENCE_MS = 2000;
const LATEST_MS = 3000;

let coming;
const begin = () => (coming ??= import(address).then(remember, () => {}).finally(release));

function remember() {
  try {
    localStorage.setItem(HAD, address);
  } catch { /* a browser that keeps nothing */ }
}
function isKnown() {
  try {
    return localStorage.getItem(HAD) === address;
  } catch {
    return true;
  }
}

const held = new Set();
function hold(event) {
  const target = event.target.closest(TAKEN);
  if (!target || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held.add(target);
  begin();
  setTimeout(release, PATIENCE_MS);
}
document.addEventListener("click", hold, true);
function release() {
  document.removeEventListener("click", hold, true);
  const pressed = [...held];
  held.clear();
  for (const target of pressed) target.click();
}

const loaded = new Promise((then) => addEventListener("load", then, { once: true }));
// A frame is told of when it was shown, which may be some time after it was made.
const shown = new Promise((then) => new PerformanceObserver(then).observe({ type: "paint", buffered: true }));
const frame = () => new Promise(requestAnimationFrame);
if (isKnown()) begin();
else {
  for (const touch of TOUCHES) addEventListener(touch, begin, { once: true, passive: true });
  // What came last is to be seen two frames later.
  Promise.all([loaded, shown]).then(frame).then(frame).then(() => setTimeout(begin));
  setTimeout(begin, LATEST_MS); // a picture that does not come, or a page that nobody looks at
}
