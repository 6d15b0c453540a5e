// Pictures open large.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.zoom");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const all = [...link.closest(".media").querySelectorAll("a.zoom")];
  let at = all.indexOf(link);
  const image = element("img", { alt: "" });
  const text = element("p", { dir: "auto" });
  const control = (name, label, step) => {
    const button = element("button", { className: "iconbtn", type: "button" }, icon(name));
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => (step ? turn(step) : view.close()));
    return button;
  };
  const row = element("div", { className: "row" });
  if (all.length > 1) row.append(control("back", words.previous, -1));
  row.append(control("close", words.close, 0));
  if (all.length > 1) row.append(control("forward", words.next, 1));
  const view = element("dialog", { className: "view" }, image, text, row);
  view.setAttribute("aria-label", words.picture);
  function turn(step) {
    at = (at + step + all.length) % all.length;
    const shown = all[at].querySelector("img");
    image.src = all[at].href;
    image.alt = shown.alt;
    text.textContent = shown.alt || words.nodescription;
  }
  view.addEventListener("keydown", (pressed) => {
    const ahead = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight"; // as the buttons stand
    if (/^Arrow(Left|Right)$/.test(pressed.key)) turn(pressed.key === ahead ? 1 : -1);
  });
  view.addEventListener("click", (pressed) => pressed.target === view && view.close());
  view.addEventListener("close", () => { view.remove(); link.focus(); });
  document.body.append(view);
  turn(0);
  view.showModal();
});
