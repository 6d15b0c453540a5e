// The worker of this site: shows what Web Push brings, and what was read last where there is no connection.
// The server writes above this what pages are made of: const VERSION = "…", PARTS = ["/static/…"];

const SHELL = `shell-${VERSION}`;
const READ = "read";
const HELD = "linnet.files"; // pictures that wait to be sent (scripts/held_forms.js)
const MOST = 30;
const OFFLINE = "/offline";
// Home, notifications, and posts with what is around them.
const KEPT = /^\/(home|notifications|@[^/?]+\/\d+)$/;
const LEFT_ALONE = /^\/(admin|api|auth|media|oauth|proxy|static)\b/;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // The page for want of a better one is nobody's: asked for without cookies.
  const parts = [...PARTS, new Request(OFFLINE, { credentials: "omit" })];
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(parts)));
});

self.addEventListener("activate", (event) => event.waitUntil(settle()));

async function settle() {
  const old = (await caches.keys()).filter((name) => ![SHELL, READ, HELD].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { origin, pathname, search } = new URL(event.request.url);
  if (origin !== self.location.origin) return;
  // Signing out leads there, and so does a session that has ended.
  if (pathname.startsWith("/auth/")) event.waitUntil(caches.delete(READ));
  // What a page says while it goes would go with it, were it not this worker that says it.
  if (event.request.method === "POST" && pathname === "/drafts") return event.respondWith(fetch(event.request));
  if (event.request.method !== "GET") return;
  if (PARTS.includes(pathname)) event.respondWith(part(event.request));
  else if (event.request.mode === "navigate" && !LEFT_ALONE.test(pathname)) {
    event.respondWith(page(event, pathname + search));
  }
});

async function part(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

async function page(event, address) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return (await copy(address)) ?? (await copy(address.split("?")[0])) ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
  if (answer.ok && KEPT.test(address)) event.waitUntil(keep(address, answer.clone()));
  return answer;
}

async function keep(address, answer) {
  const read = await caches.open(READ);
  await read.delete(address); // what was read last stands last
  await read.put(address, answer);
  const addresses = await read.keys();
  await Promise.all(addresses.slice(0, -MOST).map((one) => read.delete(one)));
}

/** As it was, marked, so that the page can say what it is. */
async function copy(address) {
  const answer = await (await caches.open(READ)).match(address);
  if (!answer) return null;
  const text = await answer.text();
  return new Response(text.replace("<html ", "<html data-kept "), { headers: answer.headers });
}

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const options = { body: told.body, tag: String(told.notification_id ?? ""), lang: told.preferred_locale };
  if (told.icon) options.icon = told.icon;
  event.waitUntil(self.registration.showNotification(told.title ?? "Linnet", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open("/notifications"));
});

async function open(path) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => new URL(one.url).pathname === path);
  return there ? there.focus() : self.clients.openWindow(path);
}
