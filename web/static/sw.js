// The worker of this site: shows what Web Push brings, and opens the page about it. It keeps nothing and sees no requests.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const options = { body: told.body, tag: String(told.notification_id), lang: told.preferred_locale };
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
