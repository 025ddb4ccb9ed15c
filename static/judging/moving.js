/** On a card's page under plain http: where this browser trusts the event's https and keeps nothing here, it goes there. */

import { data } from "../js/words.js";
import { trusts } from "../guide/asking.js";

const { secure, check, seat } = data("moving");
const told = document.querySelector("[data-moving=told]");

/** Whether anything of this seat is kept under this address: what is not sent, or what may have to be offered again. */
function keepsSomething() {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith(`lectern.pad.${seat}.`));
  } catch {
    return false;
  }
}

if (!keepsSomething()) {
  told.hidden = false;
  if (await trusts(check)) location.replace(secure);
}
