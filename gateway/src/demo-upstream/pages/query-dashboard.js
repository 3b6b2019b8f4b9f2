// A dashboard: several widgets, each a query with an engine of its own, and one button that runs them all.
import { element } from './element.js';
import { readRows, runQuery } from './query-run.js';

const ROWS = 30;
const WIDGETS = [
  { query: 4107, engine: 'medium', title: 'Trades by day' },
  { query: 4108, engine: 'large', title: 'Trades on the largest days' },
  { query: 4109, engine: 'medium', title: 'Trades on new chains' },
];

export function showDashboard(view) {
  const widgets = WIDGETS.map(widget);
  const state = element('output', { class: 'state' }, 'Not refreshed yet.');
  const refresh = element('button', { id: 'refresh-all', class: 'main', type: 'button' }, 'Refresh all');
  const press = async () => {
    refresh.disabled = true;
    state.textContent = 'Refreshes …';
    const problems = await Promise.all(widgets.map(fill));
    state.textContent = problems.find((problem) => problem !== undefined) ?? 'All widgets are new.';
    refresh.disabled = false;
  };
  refresh.addEventListener('click', () => void press());
  view.replaceChildren(
    element('h1', {}, 'Dashboard'),
    element('div', { class: 'tools' }, refresh, state),
    element('div', { class: 'widgets' }, ...widgets),
  );
}

function widget({ query, engine, title }) {
  return element(
    'section',
    { class: 'widget', 'data-query-id': query, 'data-engine': engine, 'aria-label': title },
    element('h2', {}, title),
    element('div', { class: 'bars', role: 'img', 'aria-label': 'No rows yet' }),
  );
}

/** @returns what went wrong, in words */
async function fill(one) {
  const done = await runQuery(one.dataset.queryId, one.dataset.engine);
  if ('message' in done) return done.message;
  const read = await readRows(done.execution, ROWS);
  if ('message' in read) return read.message;
  const most = Math.max(...read.rows.map(({ trades }) => trades));
  const bars = one.querySelector('.bars');
  bars.replaceChildren(...read.rows.map(({ trades }) => bar(trades / most)));
  bars.setAttribute('aria-label', `${read.rows.length} rows, at most ${most.toLocaleString()} trades`);
  return undefined;
}

function bar(share) {
  const made = element('span', {});
  made.style.blockSize = `${Math.max(2, share * 100)}%`;
  return made;
}
