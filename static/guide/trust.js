/* On the page of the certificate: does this device trust it, and which kind of device is it. */

import { mayWorkOffline, reached, trusts } from "./asking.js";

const words = JSON.parse(document.getElementById("words").textContent);
const place = document.querySelector("[data-check-url]");
const ways = document.querySelector(".trust__ways");

function tell(word, look, said) {
  const pill = place.querySelector("[data-slot=pill]");
  pill.textContent = word;
  pill.className = `pill${look ? ` pill--${look}` : ""}`;
  place.querySelector("[data-slot=said]").textContent = said;
}

async function check() {
  tell(words.asking, "", place.querySelector("[data-slot=said]").textContent);
  // Under https the answer comes even where a warning was clicked away; a service worker is only taken where it was not.
  const yes = (await trusts(place.dataset.checkUrl)) && (location.protocol !== "https:" || (await mayWorkOffline(place.dataset.probe)));
  if (yes) tell(words.yes, "done", words.said_yes);
  else tell(words.no, "due", (await reached()) ? words.said_no : words.said_lost);
  place.querySelector("[data-act=go]").hidden = !yes || location.protocol === "https:";
}

/** An iPad calls itself a Macintosh; that it is touched tells it apart. */
function knowTheTablet() {
  if (ways?.dataset.mine !== "mac" || navigator.maxTouchPoints < 2) return;
  const [mac, tablet] = ["mac", "ios"].map((kind) => ways.querySelector(`[data-kind=${kind}]`));
  tablet.querySelector("summary h2").after(mac.querySelector("[data-slot=mine]"));
  mac.open = false;
  tablet.open = true;
  ways.prepend(tablet);
}

knowTheTablet();
// What is folded would be missing on paper.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const each of folded) each.open = true;
});
addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
if (place) {
  const button = place.querySelector("[data-act=check]");
  button.hidden = false;
  button.addEventListener("click", check);
  check();
}
