// The time of what is posted later, in the zone of whoever writes: without this the server takes it for UTC.

customElements.define("l-later", class extends HTMLElement {
  connectedCallback() {
    const [time, offset] = this.querySelectorAll("input");
    const ahead = () => -new Date(time.value).getTimezoneOffset() || 0;
    if (time.value && offset.value === "0") {
      const at = new Date(`${time.value}Z`);
      at.setMinutes(at.getMinutes() - at.getTimezoneOffset());
      time.value = at.toISOString().slice(0, 16);
    }
    this.querySelector("small")?.remove();
    time.addEventListener("input", () => { offset.value = ahead(); });
    offset.value = ahead();
  }
});
