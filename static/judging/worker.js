/** The tablet's own copy of the pad of one seat: its scope is that seat, and it keeps nothing else.

    `KEPT` = {version, files} stands before this script. The page and its files come from the server whenever it answers;
    without it, from the copy. Marks never pass through here: they are in the page's own store. */

const { version, files } = self.KEPT;
const home = new URL(self.registration.scope).pathname;
const PREFIX = `lectern-pad.${home}.`;
const SHELF = PREFIX + version;
const PATIENCE_MS = 6000; // a network that is there but answers nobody is none
const CUT_MS = 20000; // for so long after a page came from the copy its files are taken from there at once
let cutUntil = 0;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(settle()));
self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === home || pathname.startsWith(home + "/")) event.respondWith(page(request, pathname));
  } else if (files.includes(pathname)) event.respondWith(file(request));
});

/** All at once or not at all: a copy that lacks a file would open a broken pad. */
async function fill() {
  const shelf = await caches.open(SHELF);
  await shelf.addAll(files.map((address) => new Request(address, { cache: "no-cache" })));
  const response = await fetch(home, { cache: "no-store", credentials: "same-origin", redirect: "error" });
  if (!isOurs(response)) throw new Error("not this seat's page, or of another version");
  await shelf.put(home, response);
  await self.skipWaiting();
}

async function settle() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== SHELF) await caches.delete(name);
  await self.clients.claim();
}

/** The seat is not this browser's any more: the copy goes, and with it this worker. */
async function forget() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
  await self.registration.unregister();
}

const isOurs = (response) => response.ok && !response.redirected && response.headers.get("X-Pad-Version") === version;
const isDenied = ({ status }) => status === 401 || status === 403;

async function asked(request, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { ...options, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** The pad opens from the copy at any of its addresses; signing needs the server, so without it the pad opens instead. */
async function page(request, pathname) {
  let response = null;
  try {
    response = await asked(request);
  } catch {
    response = null;
  }
  if (response && isDenied(response)) await forget();
  if (response && response.status < 500) {
    if (isOurs(response)) await keep(response.clone()); // the page is the same at all its addresses
    return response;
  }
  const copy = await caches.match(home, { cacheName: SHELF });
  if (!copy) return response || Response.error();
  cutUntil = Date.now() + CUT_MS;
  return pathname === home + "/sign" ? Response.redirect(home, 302) : copy;
}

async function keep(response) {
  const shelf = await caches.open(SHELF);
  await shelf.put(home, response);
}

async function file(request) {
  const copy = () => caches.match(new URL(request.url).pathname, { cacheName: SHELF });
  if (Date.now() < cutUntil) {
    const found = await copy();
    if (found) return found;
  }
  try {
    const response = await asked(request);
    if (response.status < 500) return response;
    return (await copy()) || response;
  } catch {
    return (await copy()) || Response.error();
  }
}
