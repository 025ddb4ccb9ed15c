/* Shows how far print files have come, and loads the page anew once one is made or has failed. */

const SECONDS = 1.5;
const rows = new Map([...document.querySelectorAll('[data-batch]')].map((row) => [row.dataset.batch, row]));
const address = `${location.pathname.replace(/\/$/, '')}/batches.json`;

async function look() {
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    if (!answer.ok) return;
    for (const batch of await answer.json()) {
      const row = rows.get(batch.id);
      if (!row) continue;
      const wasOpen = ['waiting', 'running'].includes(row.dataset.state);
      if (wasOpen && ['done', 'failed'].includes(batch.state)) {
        clearInterval(timer);
        location.hash = 'printing';
        location.reload();
        return;
      }
      const bar = row.querySelector('progress');
      if (bar) bar.value = batch.done;
      const said = row.querySelector('[data-said]');
      if (said) said.textContent = batch.said;
    }
  } catch {
    // The network is away; the next look may find it back.
  }
}

const timer = setInterval(look, SECONDS * 1000);
