/* Redraws the sheet beside the layout's form while it is typed; what cannot be printed yet leaves the last good one. */

const WAIT = 350;
const form = document.querySelector('#layout-form');
const place = document.querySelector('#preview');
let timer = 0;
let asked = 0;

async function redraw() {
  asked += 1;
  const mine = asked;
  place.classList.add('paper--stale');
  try {
    const answer = await fetch(place.dataset.address, { method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' } });
    if (mine !== asked || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const sheet = page.querySelector('svg.sheet');
    if (!sheet) return;
    place.replaceChildren(document.adoptNode(sheet));
    place.classList.remove('paper--stale');
  } catch {
    // The network is away; the form itself can still be sent later.
  }
}

form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(redraw, WAIT);
});
