// A small server made of Fedify, for tests/live/test_fedify.py. It knows nothing of Linnet: whatever it refuses, we did wrong.
//
// Two people live here, each on a port of their own: Casper's host speaks draft-cavage-12 first and is content with it,
// Rufus's speaks RFC 9421 and insists on it. Both check every signature themselves, and show posts to signed readers only.
// A test says what they do by `POST /do/<verb>`, and reads what reached them from `/seen`.
import { createServer } from "node:http";
import {
  createFederation, formatAcceptSignature, generateCryptoKeyPair, MemoryKvStore, signRequest, verifyObject, verifyRequest,
} from "@fedify/fedify";
import {
  Accept, Activity, Announce, Create, Delete, Endpoints, Follow, isActor, Like, Mention, Note, Person, PUBLIC_COLLECTION,
  Reject, Tombstone, Undo, Update,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

const WANTED = formatAcceptSignature([{
  label: "sig1",
  components: ["@method", "@target-uri", "content-digest"].map((value) => ({ value, params: {} })),
  parameters: { created: true },
}]);

class Host {
  followers = new Map();
  notes = new Map();
  hidden = new Set();
  bodies = new Map();
  seen = [];
  requests = [];
  locked = false;
  numbers = 0;

  constructor(name, { firstKnock, isStrict }) {
    this.name = name;
    this.isStrict = isStrict;
    this.federation = createFederation({
      kv: new MemoryKvStore(), allowPrivateAddress: true, firstKnock, inboxChallengePolicy: { enabled: true },
    });
    this.federation
      .setActorDispatcher("/users/{identifier}", (ctx, who) => who === name ? this.person(ctx) : null)
      .setKeyPairsDispatcher((_, who) => who === name ? this.pairs : []);
    this.federation.setObjectDispatcher(Note, "/notes/{id}", (_, { id }) =>
      this.hidden.has(id) ? null : this.notes.get(id) ?? null)
      .authorize(async (ctx) => (await ctx.getSignedKeyOwner({ documentLoader: await this.loader(ctx) })) !== null);
    this.federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...this.followers.values()] }));
    this.federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
      .setSharedKeyDispatcher(() => ({ identifier: name }))
      .on(Activity, (ctx, activity) => this.receive(ctx, activity))
      .onError((_, error) => this.seen.push({ type: "Error", message: String(error?.stack ?? error) }));
  }

  async listen() {
    this.pairs = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];
    this.server = createServer((message, answer) => this.serve(message, answer));
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
    return this.origin;
  }

  get ctx() { return this.federation.createContext(new URL(this.origin), undefined); }
  get uri() { return this.ctx.getActorUri(this.name); }
  loader(ctx = this.ctx) { return ctx.getDocumentLoader({ identifier: this.name }); }

  async person(ctx) {
    const keys = await ctx.getActorKeyPairs(this.name);
    return new Person({
      id: this.uri, preferredUsername: this.name, name: `${this.name} of Fedify`, url: this.uri,
      inbox: ctx.getInboxUri(this.name), followers: ctx.getFollowersUri(this.name),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }), manuallyApprovesFollowers: this.locked,
      publicKey: keys[0].cryptographicKey, assertionMethods: keys.map((pair) => pair.multikey),
    });
  }

  // ── what reaches us ────────────────────────────────────────────────────────────────────────────────────────────

  async serve(message, answer) {
    const parts = [];
    for await (const part of message) parts.push(part);
    const body = Buffer.concat(parts);
    let response;
    try {
      if (message.url === "/seen") response = Response.json({ activities: this.seen, requests: this.requests });
      else if (message.url.startsWith("/do/")) {
        response = Response.json(await this.verbs[message.url.slice(4)](JSON.parse(body)) ?? {});
      } else response = await this.answer(message, body);
    } catch (error) {
      response = new Response(String(error?.stack ?? error), { status: 500 });
    }
    answer.writeHead(response.status, Object.fromEntries(response.headers));
    answer.end(Buffer.from(await response.arrayBuffer()));
  }

  async answer(message, body) {
    const request = new Request(this.origin + message.url, {
      method: message.method, headers: message.headers, body: body.length ? body : undefined,
    });
    const scheme = request.headers.has("signature-input") ? "rfc9421" : request.headers.has("signature") ? "cavage" : "";
    const isRefused = scheme === "cavage" && this.isStrict;
    if (request.method !== "POST" || isRefused) {
      this.requests.push({ method: request.method, path: message.url, scheme });
      return isRefused
        ? new Response("", { status: 401, headers: { "Accept-Signature": WANTED } })
        : this.federation.fetch(request, { contextData: undefined });
    }
    const options = { documentLoader: await this.loader(), contextLoader: this.ctx.contextLoader };
    const key = await verifyRequest(request.clone(), options);
    this.requests.push({ method: "POST", path: message.url, scheme, signer: key?.ownerId?.href ?? null });
    if (key === null) return new Response("", { status: 401, headers: { "Accept-Signature": WANTED } });
    const raw = JSON.parse(body);
    this.bodies.set(raw.id, raw);
    return this.federation.fetch(request, { contextData: undefined });
  }

  async receive(ctx, activity) {
    const options = { documentLoader: await this.loader(), contextLoader: ctx.contextLoader };
    const raw = this.bodies.get(activity.id?.href); // as it came: what Fedify makes of it anew is signed by nobody
    const object = activity instanceof Follow || activity instanceof Delete ? null
      : await activity.getObject({ ...options, suppressError: true });
    this.seen.push({
      type: activity.constructor.name, id: activity.id?.href, actor: activity.actorId?.href,
      object: activity.objectId?.href ?? object?.id?.href, kind: object?.constructor.name ?? "",
      content: object?.content?.toString() ?? "", answers: object?.replyTargetId?.href ?? "",
      isProved: raw.proof === undefined ? null : await verifyObject(Activity, raw, options) !== null,
      raw,
    });
    if (activity instanceof Follow && activity.objectId?.href === this.uri.href) {
      const follower = await activity.getActor(options);
      if (!this.locked) await this.consent(follower, activity);
    }
    if (activity instanceof Undo && object instanceof Follow) this.followers.delete(activity.actorId.href);
  }

  async consent(follower, follow) {
    this.followers.set(follower.id.href, follower);
    await this.send(follower, new Accept({ id: this.fresh("accepts"), actor: this.uri, object: follow }));
  }

  // ── what a test has us do ──────────────────────────────────────────────────────────────────────────────────────

  verbs = {
    webfinger: async ({ resource }) => this.ctx.lookupWebFinger(resource, { allowPrivateAddress: true }),
    read: async ({ uri, isSigned = true }) => {
      const found = await this.find(uri, isSigned);
      if (!found) return {};
      const about = { kind: found.constructor.name, id: found.id.href, content: found.content?.toString() ?? "" };
      if (!isActor(found)) return about;
      const keys = [];
      for await (const key of found.getAssertionMethods({ documentLoader: await this.loader() })) keys.push(key.id.href);
      return {
        ...about, name: found.preferredUsername?.toString(), inbox: found.inboxId.href, key: found.publicKeyId?.href, keys,
        sharedInbox: found.endpoints?.sharedInbox?.href,
      };
    },
    follow: ({ actor }) => this.act(actor, new Follow({ id: this.fresh("follows"), actor: this.uri, object: new URL(actor) })),
    unfollow: ({ actor, follow }) => this.act(actor, new Undo({
      id: this.fresh("undos"), actor: this.uri,
      object: new Follow({ id: new URL(follow), actor: this.uri, object: new URL(actor) }),
    })),
    refuse: ({ follower, follow }) => this.act(follower, new Reject({
      id: this.fresh("rejects"), actor: this.uri,
      object: new Follow({ id: new URL(follow), actor: new URL(follower), object: this.uri }),
    })),
    lock: ({ isLocked }) => { this.locked = isLocked; },
    post: async ({ content, answers, to = [] }) => {
      const note = this.write(content, answers, to);
      await this.tell(new Create({ ...this.around(note), object: note }), to);
      return { id: note.id.href };
    },
    edit: async ({ id, content }) => {
      const note = this.notes.get(id.split("/").at(-1)).clone({ content, updated: Temporal.Now.instant() });
      this.notes.set(id.split("/").at(-1), note);
      await this.tell(new Update({ ...this.around(note), object: note }));
    },
    delete: async ({ id }) => {
      this.notes.delete(id.split("/").at(-1));
      await this.tell(new Delete({
        id: this.fresh("deletes"), actor: this.uri, to: PUBLIC_COLLECTION, object: new Tombstone({ id: new URL(id) }),
      }));
    },
    like: ({ object, author }) => this.act(author, new Like({ id: this.fresh("likes"), actor: this.uri, object: new URL(object) })),
    boost: ({ object, author }) => this.tell(new Announce({
      id: this.fresh("boosts"), actor: this.uri, object: new URL(object), to: PUBLIC_COLLECTION, cc: new URL(author),
      published: Temporal.Now.instant(),
    }), [author]),
    undo: ({ type, id, object, author }) => this.act(author, new Undo({
      id: this.fresh("undos"), actor: this.uri,
      object: new { Like, Announce }[type]({ id: new URL(id), actor: this.uri, object: new URL(object) }),
    })),
    // Sends a post to one other person alone. Nobody can fetch it: only its proof speaks for it.
    hand: async ({ content, to, inbox }) => {
      const note = this.write(content);
      this.hidden.add(note.id.href.split("/").at(-1));
      await this.send({ id: new URL(to), inboxId: new URL(inbox) }, new Create({ ...this.around(note), object: note }));
      return { id: note.id.href };
    },
    // Brings to an inbox what somebody else said, under our own signature.
    bring: async ({ inbox, activity }) => {
      const [pair] = await this.ctx.getActorKeyPairs(this.name);
      const request = new Request(inbox, {
        method: "POST", body: JSON.stringify(activity), headers: { "Content-Type": "application/activity+json" },
      });
      return { status: (await fetch(await signRequest(request, pair.privateKey, pair.keyId))).status };
    },
  };

  write(content, answers, to = []) {
    const id = String(++this.numbers);
    const note = new Note({
      id: this.ctx.getObjectUri(Note, { id }), attribution: this.uri, content, replyTarget: answers ? new URL(answers) : null,
      to: PUBLIC_COLLECTION, ccs: [this.ctx.getFollowersUri(this.name), ...to.map((uri) => new URL(uri))],
      tags: to.map((uri) => new Mention({ href: new URL(uri), name: "@somebody" })), published: Temporal.Now.instant(),
    });
    this.notes.set(id, note);
    return note;
  }

  around(note) {
    return { id: this.fresh("posts"), actor: this.uri, to: PUBLIC_COLLECTION, ccs: [...note.ccIds] };
  }

  fresh(kind) { return new URL(`/${kind}/${++this.numbers}`, this.origin); }
  async find(uri, isSigned = true) {
    const documentLoader = isSigned ? await this.loader() : this.ctx.documentLoader;
    return this.ctx.lookupObject(new URL(uri), { documentLoader });
  }
  async send(recipients, activity) {
    await this.ctx.sendActivity({ identifier: this.name }, recipients, activity, { preferSharedInbox: true });
  }
  async act(uri, activity) {
    await this.send(await this.find(uri), activity);
    return { id: activity.id.href };
  }
  async tell(activity, to = []) {
    const named = await Promise.all(to.map((uri) => this.find(uri)));
    const all = new Map([...this.followers.values(), ...named].map((one) => [one.id.href, one]));
    await this.send([...all.values()], activity);
    return { id: activity.id.href };
  }
}

const hosts = {
  casper: new Host("casper", { firstKnock: "draft-cavage-http-signatures-12", isStrict: false }),
  rufus: new Host("rufus", { firstKnock: "rfc9421", isStrict: true }),
};
const origins = {};
for (const [name, host] of Object.entries(hosts)) origins[name] = await host.listen();
console.log(JSON.stringify(origins));
process.stdin.resume().on("end", () => process.exit(0)); // whoever started us is gone
