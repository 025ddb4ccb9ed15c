/** Asks of this device what only it knows: whether it trusts the event's https, and whether pages may open offline. */

/** Does an answer come through https? A device that does not trust the certificate gets none. */
export async function trusts(check) {
  try {
    return (await fetch(check, { cache: "no-store", credentials: "omit" })).ok;
  } catch {
    return false;
  }
}

/** Does the server answer at all, under the address of this page? */
export async function reached() {
  try {
    return (await fetch("/health", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Does the browser take a service worker? It refuses where somebody clicked a certificate's warning away. */
export async function mayWorkOffline(probe) {
  if (!("serviceWorker" in navigator)) return false;
  try {
    const taken = await navigator.serviceWorker.register(probe, { scope: new URL("./probe/", new URL(probe, location.href)).pathname });
    await taken.unregister();
    return true;
  } catch {
    return false;
  }
}
