// One query: its text, its engine, Run, its rows, two exports and a schedule.
import { element, fillTable } from './element.js';
import { readCsv, readRows, runQuery } from './query-run.js';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'];

export function showEditor(view, query) {
  const engine = choice('engine', ['medium', 'Medium engine'], ['large', 'Large engine']);
  engine.value = query.engine;
  const limit = choice('limit', ['20', '20 rows'], ['100', '100 rows'], ['1000', '1,000 rows']);
  const state = element('output', { class: 'state' }, 'Not run yet.');
  const table = element('table', { id: 'results' });
  let execution;

  const say = (text) => (state.textContent = text);

  const run = button('run', 'Run', async () => {
    say('Runs …');
    const done = await runQuery(query.id, engine.value);
    if ('message' in done) {
      say(done.message);
      return;
    }
    ({ execution } = done);
    say(`Finished in ${done.seconds.toFixed(1)} s: ${done.rows} rows, ${done.columns} columns.`);
    for (const one of [rows, exported, csv]) enable(one, true);
  });
  const rows = button('show-rows', 'Show rows', async () => {
    const read = await readRows(execution, limit.value);
    if ('message' in read) say(read.message);
    else fillTable(table, read.columns, read.rows);
  });
  const exported = button('export', 'Export JSON', async () => {
    const read = await readRows(execution, limit.value);
    if ('message' in read) say(read.message);
    else save(read.text, `query-${query.id}.json`, 'application/json');
  });
  const csv = button('export-csv', 'Export CSV', async () => {
    const read = await readCsv(execution, limit.value);
    if ('message' in read) say(read.message);
    else save(read.text, `query-${query.id}.csv`, 'text/csv');
  });
  run.classList.add('main');
  run.dataset.testid = 'run';
  for (const one of [rows, exported, csv]) enable(one, false);

  view.replaceChildren(
    element('h1', {}, query.name),
    element('textarea', { id: 'sql', spellcheck: 'false', rows: '6', 'aria-label': 'Query' }, query.sql),
    element('div', { class: 'tools' }, element('label', {}, 'Engine ', engine), run, state),
    element('div', { class: 'tools' }, element('label', {}, 'Most ', limit), rows, exported, csv),
    element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Rows' }, table),
    schedule(query),
  );
}

function schedule(query) {
  const kept = `demo.schedule.${query.id}`;
  const [cron = '0 9 * * MON-FRI', zone = 'UTC'] = JSON.parse(localStorage.getItem(kept) ?? '[]');
  const field = element('input', { id: 'cron', value: cron, spellcheck: 'false', autocomplete: 'off', size: '18' });
  const zones = choice('zone', ...ZONES.map((name) => [name, name]));
  zones.value = zone;
  const state = element('output', { class: 'state' });
  const keep = button('schedule-save', 'Save schedule', () => {
    localStorage.setItem(kept, JSON.stringify([field.value, zones.value]));
    state.textContent = 'Kept in this browser. The demo does not run it by itself.';
  });
  return element(
    'section',
    { id: 'schedule', 'aria-label': 'Schedule' },
    element('h2', {}, 'Schedule'),
    element('div', { class: 'tools' }, element('label', {}, 'Cron ', field), element('label', {}, 'Zone ', zones), keep, state),
  );
}

function button(id, text, act) {
  const made = element('button', { id, type: 'button' }, text);
  const press = async () => {
    enable(made, false);
    await act();
    enable(made, true);
  };
  // While it does its work it takes no second click.
  made.addEventListener('click', () => {
    if (made.getAttribute('aria-disabled') !== 'true') void press();
  });
  return made;
}

function enable(one, is) {
  one.setAttribute('aria-disabled', String(!is));
  if (is) one.removeAttribute('title');
  else one.setAttribute('title', one.id === 'run' ? 'The query runs' : 'Run the query first');
}

function choice(id, ...options) {
  return element('select', { id }, ...options.map(([value, text]) => element('option', { value }, text)));
}

function save(text, name, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
