// Passkeys (WebAuthn): asks the browser, puts the answer into the form around it, and sends that form.
// On the pages that have them alone; without scripts these buttons are not there.

const say = (text) => document.getElementById("live").replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

// What the server writes as text and the browser wants as bytes.
function readable(options) {
  const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.allowCredentials) read.allowCredentials = named(options.allowCredentials);
  if (options.excludeCredentials) read.excludeCredentials = named(options.excludeCredentials);
  return read;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

// <l-passkey data-kind="get|create" data-options data-label data-failed data-missing [data-offers]> in a form
customElements.define("l-passkey", class extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    if (!window.PublicKeyCredential) {
      this.append(Object.assign(document.createElement("p"), { className: "muted", textContent: this.dataset.missing }));
      return;
    }
    const button = Object.assign(document.createElement("button"), { className: this.dataset.class, type: "button", textContent: this.dataset.label });
    button.addEventListener("click", () => this.closest("form").reportValidity() && this.ask());
    this.append(button);
    if ("offers" in this.dataset) this.offer();
  }

  // In the list that the browser shows under the name, before anything is pressed.
  async offer() {
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) this.ask("conditional");
  }

  async ask(mediation) {
    this.waiting?.abort();
    const { signal } = this.waiting = new AbortController();
    try {
      const publicKey = readable(JSON.parse(this.dataset.options));
      const credential = await navigator.credentials[this.dataset.kind]({ publicKey, signal, ...(mediation && { mediation }) });
      const form = this.closest("form");
      form.elements.passkey.value = written(credential);
      form.submit();
    } catch (error) {
      if (!signal.aborted && !mediation) say(this.dataset.failed);
    }
  }
});
