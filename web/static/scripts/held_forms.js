// Forms that the server could not take wait in this browser, with their pictures.

// Forms that the server could not take, the last ones, by the names of their drafts: [name of a field, value], …
const UNKEPT = "linnet.unkept";
const MOST_UNKEPT = 20;
function unkept() {
  try {
    const found = JSON.parse(localStorage.getItem(UNKEPT));
    return found && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}
function keepForm(draft, fields) {
  const all = Object.entries(unkept()).filter(([name]) => name !== draft);
  if (fields) all.push([draft, fields]);
  if (all.length) localStorage.setItem(UNKEPT, JSON.stringify(Object.fromEntries(all.slice(-MOST_UNKEPT))));
  else localStorage.removeItem(UNKEPT);
}
// The mark of one that was sent while its page went, so that it is probably there.
const HOPED = "hoped";
const isHoped = (fields) => fields.some(([name]) => name === HOPED);
/** What a form answers and quotes. */
const about = (fields) => ["in_reply_to_id", "quoted_status_id"].map((name) => new Map(fields).get(name) ?? "").join();

// Pictures of such forms. `held_2_…` is the field that describes one of the second post; the worker knows the name, too.
const FILES = "linnet.files";
const HELD = /^held_(\d+)_(\w+)$/;
const place = (key) => `/held/${key}`;
async function stow(file) {
  const key = crypto.randomUUID().slice(0, 8);
  const headers = { "X-Name": encodeURIComponent(file.name) };
  await (await caches.open(FILES)).put(place(key), new Response(file, { headers }));
  return key;
}
async function stowed(key) {
  const found = await (await caches.open(FILES)).match(place(key));
  return found && new File([await found.blob()], decodeURIComponent(found.headers.get("X-Name")));
}
const unstow = async (key) => (await caches.open(FILES)).delete(place(key));

/** Upload a file: throws as `send` does. */
function upload(csrf, file, description = "") {
  const body = new FormData();
  body.append("csrf", csrf);
  body.append("file", file);
  body.append("description", description);
  return send("/compose/media", body);
}
const mediaName = (number) => (number > 1 ? `media_ids_${number}` : "media_ids");

/** What was held for a form that is not on this page becomes a draft on the server. */
async function sendForms() {
  const here = [...document.querySelectorAll("l-compose")].map((one) => one.draft);
  for (const [draft, fields] of Object.entries(unkept())) {
    if (here.includes(draft)) continue;
    const body = new FormData(acts);
    body.append("draft", draft);
    try {
      for (const [name, value] of fields) {
        const [, number, key] = HELD.exec(name) ?? [];
        const file = key && await stowed(key);
        if (!key) body.append(name, value);
        else if (file) {
          const media = await upload(body.get("csrf"), file, value).catch((error) => {
            if (waits(error)) throw error;
            say(`${file.name}: ${error.message}`);
          });
          if (media) body.append(mediaName(Number(number)), media.id);
        }
      }
      const { kept } = await send("/drafts", body);
      for (const [name] of fields) if (HELD.test(name)) unstow(HELD.exec(name)[2]);
      keepForm(draft);
      if (kept && !isHoped(fields)) say(words.drafted);
    } catch (error) {
      if (waits(error)) return;
      say(error.message); // it stays here
    }
  }
}
