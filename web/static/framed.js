// Inside of the frame: says how high the post is, whenever that changes.
const tell = () => parent.postMessage({ height: document.body.scrollHeight }, "*");
new ResizeObserver(tell).observe(document.body);
