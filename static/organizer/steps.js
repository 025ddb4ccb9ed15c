// Live answers while a contest is set up: whether an address is free, what the criteria add up to, how many judges.

const WAIT = 300;

function checkAddress(input) {
  const said = document.getElementById(input.getAttribute("aria-describedby"));
  let timer = 0, asked = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const turn = ++asked;
      try {
        const answer = await fetch(`${input.dataset.check}?slug=${encodeURIComponent(input.value.trim())}`, {headers: {Accept: "application/json"}});
        const found = await answer.json();
        if (turn !== asked || !answer.ok) return;
        said.textContent = found.text;
        said.className = found.free ? "form-text" : "field-error";
        input.classList.toggle("is-invalid", !found.free);
      } catch { /* Offline: the server says so when the form is sent. */ }
    }, WAIT);
  });
}

function addUp(round) {
  const pill = round.querySelector("[data-total]");
  const cents = (text) => Math.round(Number(text.trim() || "0") * 100);
  const show = () => {
    const rows = [...round.querySelectorAll("[data-most]")];
    const total = rows.reduce((sum, input) => {
      const title = document.getElementById(input.id.replace(/most$/, "title"));
      return sum + (title.value.trim() ? cents(input.value) : 0);
    }, 0);
    const good = total === 10000;
    pill.textContent = good ? pill.dataset.good : pill.dataset.bad.replace("{total}", Number.isNaN(total) ? "?" : String(total / 100));
    pill.classList.toggle("pill--done", good);
    pill.classList.toggle("pill--bad", !good);
  };
  round.addEventListener("input", show);
  show();
}

function countLines(note) {
  const field = document.getElementById(note.dataset.lines);
  const show = () => {
    const count = field.value.split("\n").filter((line) => line.trim()).length;
    note.textContent = note.dataset.words.replace("{count}", String(count));
  };
  field.addEventListener("input", show);
  show();
}

function onlyForTwo(block) {
  const show = () => { block.hidden = document.querySelector("[name=rounds]:checked")?.value !== "two"; };
  document.addEventListener("change", show);
  show();
}

document.querySelectorAll("[data-check]").forEach(checkAddress);
document.querySelectorAll("[data-round]").forEach(addUp);
document.querySelectorAll("[data-lines]").forEach(countLines);
document.querySelectorAll("[data-only-two]").forEach(onlyForTwo);
document.getElementById("errors")?.focus();
