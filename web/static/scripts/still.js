// What moves rests on its first picture until somebody points at it, or moves where somebody wants that.

function rest(image) {
  if (image.dataset.moving || image.src.startsWith("data:")) return;
  const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  canvas.getContext("2d").drawImage(image, 0, 0);
  image.dataset.moving = image.src;
  image.src = canvas.toDataURL();
}
if (!("moves" in document.body.dataset)) {
  const visit = (image) => image.naturalWidth && rest(image);
  document.querySelectorAll("img.emoji").forEach((image) => image.complete && visit(image));
  document.addEventListener("load", (event) => event.target.matches?.("img.emoji") && visit(event.target), true);
  for (const [name, from] of [["mouseover", "moving"], ["mouseout", "resting"]]) {
    document.addEventListener(name, ({ target }) => {
      if (!target.dataset?.moving) return;
      target.dataset.resting ??= target.src;
      target.src = target.dataset[from];
    });
  }
} else {
  const move = (image) => {
    const { moving } = image.dataset ?? {};
    if (moving && image.getAttribute("src") !== moving) image.src = moving;
  };
  document.querySelectorAll("img[data-moving]").forEach(move);
  document.addEventListener("load", (event) => move(event.target), true);
}
