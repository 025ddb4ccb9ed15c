/* The list of guests on the door's page: states, counts, search as one types, and who a scan means without a server. */

const lines = () => [...document.querySelectorAll("#guests > .guest")];

export class List {
  constructor(rows) {
    this.rows = new Map(rows.map((row) => [row.entry, row]));
    this.shows = "all";
    this.filter = document.getElementById("filter");
    this.search = document.getElementById("q");
    if (!document.getElementById("guests")) return;
    this.filter.hidden = false;
    this.filter.addEventListener("click", (event) => this.choose(event.target.closest("[data-show]")));
    this.search.addEventListener("input", () => this.show());
    this.search.form.addEventListener("submit", (event) => event.preventDefault());
    this.search.form.querySelector("button").hidden = true;
  }

  choose(button) {
    if (!button) return;
    this.shows = button.dataset.show;
    for (const each of this.filter.children) each.setAttribute("aria-pressed", String(each === button));
    this.show();
  }

  /** Type these words into the search. */
  narrow(words) {
    this.search.value = words;
    this.show();
  }

  show() {
    const words = this.search.value.trim().toLowerCase();
    let shown = 0;
    for (const line of lines()) {
      const row = this.rows.get(line.dataset.entry);
      const fits = [row.number, row.name, row.about, row.title].some((text) => text.toLowerCase().includes(words));
      line.hidden = !fits || (this.shows !== "all" && line.dataset.state !== this.shows);
      shown += line.hidden ? 0 : 1;
    }
    document.getElementById("none").hidden = shown > 0;
  }

  /** Put a guest's newest state on its line. */
  set(row, fresh = false) {
    this.rows.set(row.entry, row);
    const line = lines().find((each) => each.dataset.entry === row.entry);
    if (!line) return;
    line.dataset.state = row.came ? "in" : row.out ? "out" : "wait";
    line.querySelector(".guest__wait").hidden = Boolean(row.came || row.out);
    line.querySelector(".guest__out").hidden = Boolean(row.came || !row.out);
    line.querySelector(".guest__kept").hidden = true;
    const came = line.querySelector(".guest__in");
    came.hidden = !row.came;
    came.querySelector("[data-slot=came]").textContent = row.came ? [row.came.at, row.came.door, row.came.who].filter(Boolean).join(" · ") : "";
    came.querySelector("[name=check_in]").value = row.came ? row.came.id : "";
    if (!row.came) came.open = false;
    line.classList.toggle("guest--fresh", fresh);
    this.show();
  }

  /** Mark a guest whose check-in waits on this device. */
  keep(entry) {
    const line = lines().find((each) => each.dataset.entry === entry);
    if (!line) return;
    line.querySelector(".guest__wait").hidden = true;
    line.querySelector(".guest__kept").hidden = false;
  }

  count([came, all]) {
    const place = document.getElementById("count");
    place.querySelector("[data-slot=came]").textContent = came;
    place.querySelector("[data-slot=all]").textContent = all;
  }

  refresh({ guests, counts }) {
    const before = JSON.stringify([...this.rows.values()]);
    if (JSON.stringify(guests) !== before) for (const row of guests) if (JSON.stringify(row) !== JSON.stringify(this.rows.get(row.entry))) this.set(row);
    this.count(counts);
  }

  /** Who a scan means, from what the page knows: a pass's address names the entry, a number or a whole name one guest. */
  find({ code, entry }) {
    const named = entry || /\/pass\/([^./]+)\./.exec(code || "")?.[1];
    if (named) return this.rows.get(named);
    const words = code.toLowerCase();
    const bare = (text) => text.toLowerCase().replace(/^0+/, "");
    const all = [...this.rows.values()];
    const found = all.filter((row) => bare(row.number) === bare(words)).concat(all.filter((row) => row.name.toLowerCase() === words));
    return found.length === 1 ? found[0] : undefined;
  }
}
