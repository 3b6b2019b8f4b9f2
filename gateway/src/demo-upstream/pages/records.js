// A search of records, page size and all. What its buttons do it says itself: Search in /.well-known/credits.json, each row in attributes.
import { byId, element, fillTable } from './element.js';
import { call, signIn } from './gateway.js';

const COLUMNS = ['Company', 'Industry', 'Country', 'Employees'];

press('search', search);
press('enrich', enrich);
await signIn().catch((error) => say(error.message));

async function search() {
  const filters = { list: byId('list').value };
  const body = { page_size: Number(byId('page-size').value), page: 1, filters };
  const { ok, json, message } = await call('/records/v1/businesses', { method: 'POST', body });
  if (!ok) {
    say(message);
    return;
  }
  fillTable(byId('found'), COLUMNS, json.data.map(rowOf));
  byId('found').tHead.rows[0].append(element('th', { scope: 'col' }, 'Open'));
  for (const [at, row] of [...byId('found').tBodies[0].rows].entries()) addOpen(row, json.data[at]);
  say(`${json.data.length} of ${json.total_results} companies.`);
}

function rowOf({ name, industry, country, number_of_employees: employees }) {
  return { Company: name, Industry: industry, Country: country.toUpperCase(), Employees: employees };
}

function addOpen(row, { business_id: id, name }) {
  row.cells[0].prepend(element('input', { type: 'checkbox', class: 'choose', value: id, 'aria-label': `Choose ${name}` }), ' ');
  const hint = {
    'data-credits-operation': 'businesses.read',
    'data-credits-input-path.id': id,
    'data-credits-via': 'gateway',
  };
  const open = element('button', { type: 'button', class: 'open-record', ...hint }, 'Open');
  open.addEventListener('click', () => void show(id));
  row.append(element('td', {}, open));
}

async function show(id) {
  const { ok, json, message } = await call(`/records/v1/businesses/${id}`);
  if (!ok) {
    say(message);
    return;
  }
  const { name, website, industry, yearly_revenue_usd: revenue } = json.data;
  byId('record').hidden = false;
  byId('record').replaceChildren(
    element('h2', {}, name),
    element('p', {}, `${industry} · ${website} · ${revenue.toLocaleString()} USD a year`),
  );
}

async function enrich() {
  const ids = [...document.querySelectorAll('.choose:checked')].map(({ value }) => value);
  if (ids.length === 0 || ids.length > 50) {
    say(ids.length === 0 ? 'Not sent: choose companies first.' : 'Not sent: at most 50 companies at once.');
    return;
  }
  const { ok, json, message } = await call('/records/v1/businesses/enrich', { method: 'POST', body: { business_ids: ids } });
  say(ok ? `${json.total_found} of ${json.total_results} companies were enriched.` : message);
}

/** While it does its work it takes no second click. */
function press(id, act) {
  byId(id).addEventListener('click', () => {
    byId(id).disabled = true;
    void act().finally(() => (byId(id).disabled = false));
  });
}

function say(text) {
  byId('state').textContent = text;
}
