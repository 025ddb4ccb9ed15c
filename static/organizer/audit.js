/* The record's proof without leaving the page; without this script its button opens the proof's own page. */

const prove = document.getElementById("prove");
prove?.addEventListener("click", async (event) => {
  event.preventDefault();
  if (prove.getAttribute("aria-disabled") === "true") return;
  const said = prove.lastChild.textContent;
  prove.setAttribute("aria-disabled", "true");
  prove.lastChild.textContent = prove.dataset.busy;
  try {
    const answer = await fetch(prove.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelectorAll("#proof > *");
    if (!found.length) throw new Error("no proof");
    document.querySelectorAll("#proof > :not(#prove)").forEach((each) => each.remove());
    document.getElementById("proof").append(...found);
  } catch {
    const failed = document.createElement("p");
    failed.className = "field-error";
    failed.textContent = prove.dataset.failed;
    document.querySelectorAll("#proof > :not(#prove)").forEach((each) => each.remove());
    document.getElementById("proof").append(failed);
  }
  prove.lastChild.textContent = said;
  prove.removeAttribute("aria-disabled");
});
