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
