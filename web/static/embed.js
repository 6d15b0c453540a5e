// For pages of other sites: puts the frame with a post in the place of its quotation, and gives it the height that it needs.
(() => {
  const { origin } = new URL(document.currentScript.src);
  const frames = [];
  const limits = new Map();
  const most = (quote) => Number(quote.dataset.height) || 4000; // pixels
  for (const quote of document.querySelectorAll("blockquote.linnet-embed[data-embed-url]")) {
    const address = new URL(quote.dataset.embedUrl);
    if (address.origin !== origin) continue; // another node's script does those
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.title = quote.querySelector("footer")?.textContent ?? "";
    frame.loading = "lazy";
    Object.assign(frame.style, { border: 0, width: "100%", maxWidth: `${quote.dataset.width ?? 540}px`, height: `${Math.min(320, most(quote))}px` });
    quote.replaceWith(frame);
    frames.push(frame);
    limits.set(frame, most(quote));
  }
  addEventListener("message", (event) => {
    const frame = frames.find((one) => one.contentWindow === event.source);
    const height = Number(event.data?.height);
    if (frame && event.origin === origin && height > 0) frame.style.height = `${Math.min(height, limits.get(frame))}px`;
  });
})();
