// What pages have the worker look up at gateways: a few at a time, and tabs in turn. So a page that names thousands of calls keeps no other
// page waiting, and neither balances nor prices.
const AT_ONCE = 3;

/** By tab; the one that was served last stands last. */
const waiting = new Map<number, (() => void)[]>();
let running = 0;

/** Looks when it is the tab's turn. One look must not wait for another one. */
export async function inTurn<Found>(tab: number, look: () => Promise<Found>): Promise<Found> {
  await turnOf(tab);
  try {
    return await look();
  } finally {
    running -= 1;
    goOn();
  }
}

function turnOf(tab: number): Promise<void> {
  return new Promise((resolve) => {
    const own = waiting.get(tab) ?? [];
    own.push(resolve);
    waiting.set(tab, own);
    goOn();
  });
}

function goOn(): void {
  for (const [tab, own] of waiting) {
    if (running >= AT_ONCE) return;
    const first = own.shift();
    waiting.delete(tab);
    if (own.length > 0) waiting.set(tab, own);
    if (first === undefined) continue;
    running += 1;
    first();
  }
}
