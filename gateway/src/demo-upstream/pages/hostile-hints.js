// What a page may say of itself, true and not.
import { element } from './element.js';
import { lookUp } from './hostile-look-up.js';

const HINTS = {
  true: { 'data-credits-operation': 'businesses.read', 'data-credits-via': 'gateway' },
  unknown: { 'data-credits-operation': 'thicket.cut', 'data-credits-amount': '12' },
  negative: { 'data-credits-operation': 'thicket.cut', 'data-credits-amount': '-12' },
  absurd: { 'data-credits-operation': 'thicket.cut', 'data-credits-amount': '1e30' },
  fine: { 'data-credits-operation': 'thicket.cut', 'data-credits-amount': '0.00000001' },
  words: { 'data-credits-operation': 'thicket.cut', 'data-credits-amount': 'free of charge' },
  markup: { 'data-credits-operation': '<img src=x onerror=alert(1)>', 'data-credits-amount': '3' },
  long: { 'data-credits-operation': `thicket.${'x'.repeat(10_000)}`, 'data-credits-amount': '3' },
  selector: { 'data-credits-operation': 'businesses.search', 'data-credits-from-body.page_size': ':::' },
  call: { 'data-credits-call': 'not-a-call' },
};

export function showHints(area) {
  const buttons = Object.entries(HINTS).map(([name, hint]) =>
    element('button', { type: 'button', id: `hint-${name}`, ...hint }, `Hint: ${name}`),
  );
  // On an element that the rate card prices at 2, the page says that it costs nothing.
  const outbid = lookUp('outbid', {
    id: 'hint-outbid',
    'data-credits-operation': 'models.list',
    'data-credits-amount': '0',
    'aria-label': `Look up ${'a very long name '.repeat(600)}`,
  });
  area.append(...buttons, outbid);
}
