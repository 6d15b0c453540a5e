// Notifications while the site is closed: asks the browser for a subscription and sends it with the form around.
// On the settings page for it alone.

const say = (text) => document.getElementById("live").replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));

for (const field of document.querySelectorAll("[data-zone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

// <l-push data-key data-label data-failed data-refused data-missing> in a form with a field `subscription`
customElements.define("l-push", class extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    if (!("PushManager" in window)) {
      this.append(Object.assign(document.createElement("p"), { className: "muted", textContent: this.dataset.missing }));
      return;
    }
    const button = Object.assign(document.createElement("button"), { className: "btn go", type: "button", textContent: this.dataset.label });
    button.addEventListener("click", () => this.subscribe());
    this.append(button);
  }

  async subscribe() {
    if ((await Notification.requestPermission()) !== "granted") return say(this.dataset.refused);
    try {
      await navigator.serviceWorker.register("/sw.js");
      const { pushManager } = await navigator.serviceWorker.ready;
      // One that was made for another key, or that the server has forgotten, is no use.
      await (await pushManager.getSubscription())?.unsubscribe();
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(this.dataset.key) });
      const form = this.closest("form");
      form.elements.subscription.value = JSON.stringify(made);
      form.submit();
    } catch {
      say(this.dataset.failed);
    }
  }
});
