// An app made of masto.js, for tests/live/test_masto_js.py: it signs nobody in by itself, and calls what a test names.
//
// Each line that it reads is {call, arguments}; each line that it writes, {result} or {error, status}. A call is a path
// into the library, such as "rest.v1.statuses.$select(7).favourite"; {"$file": path} among the arguments is a file.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

// What masto.js expects of Node.js 22, for older ones.
Promise.withResolvers ??= function () {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};
const { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } = await import("masto");

const [url] = process.argv.slice(2);
const heard = [];
const clients = { rest: createRestAPIClient({ url }), oauth: createOAuthAPIClient({ url }) };

const ours = {
  sign_in: ({ accessToken, streamingApiUrl }) => {
    clients.rest = createRestAPIClient({ url, accessToken });
    clients.streaming = createStreamingAPIClient({ streamingApiUrl, accessToken });
  },
  listen: async ({ stream, terms }) => {
    const subscription = walk(clients.streaming, `${stream}.subscribe`)(...(terms ? [terms] : []));
    (async () => { for await (const event of subscription) heard.push(event); })();
  },
  heard: () => heard,
  leave: () => clients.streaming.close(),
  // Page after page, as apps scroll.
  pages: async ({ call, arguments: given = [] }) => {
    const pages = [];
    for await (const page of walk(clients, call)(...given)) pages.push(page);
    return pages;
  },
};

function walk(start, path) {
  return path.match(/\$select\([^)]*\)|\w+/g).reduce((at, step) => {
    const chosen = step.match(/^\$select\((.*)\)$/);
    return chosen ? at.$select(chosen[1]) : at[step];
  }, start);
}

async function unpack(value) {
  if (Array.isArray(value)) return Promise.all(value.map(unpack));
  if (value === null || typeof value !== "object") return value;
  if ("$file" in value) return new File([await readFile(value.$file)], "bowls.png", { type: "image/png" });
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([name, one]) => [name, await unpack(one)])));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, arguments: given = [] } = JSON.parse(line);
  try {
    const result = await (ours[call] ?? walk(clients, call))(...await unpack(given));
    console.log(JSON.stringify({ result: result ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.message ?? error), status: error?.statusCode ?? null }));
  }
}
process.exit(0); // whoever started us is gone
