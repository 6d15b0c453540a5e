// Copying.

customElements.define("l-copy", class extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const button = element("button", { className: "iconbtn", type: "button", title: this.dataset.label }, icon("copy"));
    button.setAttribute("aria-label", this.dataset.label);
    this.className = ""; // it kept the room for the button
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.dataset.text);
      say(this.dataset.done);
    });
    this.append(button);
  }
});
