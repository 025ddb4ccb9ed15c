/** test(name, body) and equal(got, wanted): as much as the pad's own rules need. */

const tests = new Map();

export function test(name, body) {
  tests.set(name, body);
}

export function equal(got, wanted) {
  const text = (value) => JSON.stringify(value, (key, one) => (typeof one === "bigint" ? `${one}n` : one), 1);
  if (text(got) !== text(wanted)) throw new Error(`got ${text(got)}\nwanted ${text(wanted)}`);
}

export async function run(name) {
  await tests.get(name)();
}
