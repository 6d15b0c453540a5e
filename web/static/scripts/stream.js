// What happens meanwhile, heard once for all pages that are looked at: over HTTP/1.1 a browser has six connections to a server, and six
// pages with a stream each would leave none to open another.

const EVENTS = ["counts", "notification", "notifications_merged", "update"];

/**
 * `hear(kind, data)` until `signal` says to stop; `refused()` where no stream is to be had. The page that came last has the stream and
 * tells the others, also how much waits now, which a stream begins with. When it goes, one of the others takes its place.
 */
function listen(address, signal, hear, refused) {
  const pages = new BroadcastChannel(address);
  pages.addEventListener("message", ({ data: [kind, data] }) => hear(kind, data));
  let source;
  const hold = () => new Promise((leave) => {
    if (signal.aborted) return leave();
    source = new EventSource(address);
    for (const kind of EVENTS) {
      source.addEventListener(kind, (event) => {
        const data = JSON.parse(event.data);
        hear(kind, data);
        pages.postMessage([kind, data]);
      });
    }
    // Not every network lets a stream through, and a server may refuse one.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      refused();
      leave();
    });
    signal.addEventListener("abort", leave);
  });
  // Rejected when another page takes it, and when nobody waits any more.
  const take = (options) => navigator.locks.request(address, options, hold).catch(() => {
    source?.close();
    if (!signal.aborted) take({ signal });
  });
  signal.addEventListener("abort", () => {
    source?.close();
    pages.close();
  });
  // Only safe connections have locks. Without them each page has a stream of its own.
  if (navigator.locks) take({ steal: true });
  else hold();
}
