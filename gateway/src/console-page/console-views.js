// The console's views, from the gateway's own answers: nothing is reckoned here. Unknown is a dash, never 0.
const KINDS = { individual: 'Own credits', pool: 'Pool', extra: 'Extra credits' };

export function balanceView({ available, held, context, sources, caps }, { calls }, home) {
  const { organization, workspace, user } = context;
  const whose = [user, workspace === null ? organization : `${organization}/${workspace}`].filter((one) => one !== null);
  return [
    element('h1', {}, 'What is left'),
    element('p', { class: 'figure' }, credits(available), element('span', {}, ' credits')),
    element('p', { class: 'muted' }, `${whose.join(' in ')} · ${credits(held)} held by open calls`),
    ...table(
      'What pays, in this order',
      ['Source', 'Available', 'Held'],
      sources.map((source) => [KINDS[source.kind] ?? source.kind, amount(source.available), amount(source.held)]),
    ),
    ...table(
      'Caps',
      ['Cap', 'Window', 'Used', 'Of'],
      caps.map(({ id, window, used, limit }) => [id, window, amount(used), amount(limit)]),
    ),
    ...table(
      'The last calls',
      ['Operation', 'When', 'Charged'],
      calls.map((call) => [
        element('a', { href: `${home}calls/${encodeURIComponent(call.id)}` }, call.operation),
        time(call.heldAt),
        spent(call),
      ]),
    ),
    ...(calls.length === 0 ? [element('p', { class: 'muted' }, 'No calls yet.')] : []),
  ];
}

export function usageView(byReason, byDay) {
  return [
    element('h1', {}, `Where did the last ${byDay.rows.length} days go?`),
    element('p', { class: 'figure' }, credits(byReason.total), element('span', {}, ' credits')),
    ...table('By reason', ['Reason', 'Calls', 'Credits'], byReason.rows.map(usageRow)),
    ...(byReason.rows.length === 0 ? [element('p', { class: 'muted' }, 'Nothing was charged.')] : []),
    ...table(`By day, in ${byDay.zone}`, ['Day', 'Calls', 'Credits'], byDay.rows.toReversed().map(usageRow)),
  ];
}

export function receiptView(receipt, home) {
  const { id, operation, state, hold, charge, heldAt, endedAt, lines, paidBy, labels, parent, rateCard, why } = receipt;
  const facts = [
    ['Call', element('span', { class: 'mono' }, id)],
    ['State', why === null ? state : `${state}: ${why}`],
    ['Begun', time(heldAt)],
    ['Ended', endedAt === null ? '–' : time(endedAt)],
    ['Held', credits(hold)],
    ['Charged', charge === null ? '–' : format(charge, 6)],
    ...paidBy.map(({ account, amount: paid }) => [`Paid by ${account}`, format(paid, 6)]),
    ...Object.entries(labels).map(([name, value]) => [`Label ${name}`, value]),
    ...(parent === null ? [] : [['Made for', element('a', { href: `${home}calls/${encodeURIComponent(parent)}` }, parent)]]),
    ['Rate card', element('span', { class: 'mono' }, rateCard)],
  ];
  return [
    element('h1', {}, operation),
    ...table(
      'The arithmetic',
      ['Of', 'Credits'],
      lines.map((line) => [
        line.free === undefined ? line.arithmetic : `${line.arithmetic} (free: ${line.free})`,
        exact(Number(line.credits)),
      ]),
    ),
    ...table('The call', ['', ''], facts),
  ];
}

function usageRow({ name, calls, credits: charged }) {
  return [name, element('span', { class: 'number' }, calls.toLocaleString()), amount(charged)];
}

/** A caption, a head and rows; nothing where there are no rows. */
function table(title, head, rows) {
  if (rows.length === 0) return [];
  const cells = (row) => row.map((cell) => element('td', { class: cell.className === 'number' ? 'number' : '' }, cell));
  const heads = head.map((name, at) => {
    const isNumber = rows[0][at].className === 'number';
    return name === '' ? element('td', {}) : element('th', { scope: 'col', class: isNumber ? 'number' : '' }, name);
  });
  return [
    element(
      'table',
      {},
      element('caption', {}, title),
      ...(head.every((name) => name === '') ? [] : [element('thead', {}, element('tr', {}, ...heads))]),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells(row)))),
    ),
  ];
}

function spent({ charge, state }) {
  if (charge === null) return element('span', { class: 'number' }, state === 'open' ? '…' : '–');
  return element('span', { class: 'number' }, charge === 0 ? '0' : `−${credits(charge)}`);
}

function amount(value) {
  return element('span', { class: 'number' }, credits(value));
}

/** With all six decimals. */
function exact(value) {
  return element('span', { class: 'number' }, format(value, 6));
}

function credits(value) {
  return value === null || value === undefined ? '–' : format(value, value !== 0 && Math.abs(value) < 0.001 ? 6 : 3);
}

function format(value, decimals) {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: decimals }).format(value);
}

/** In the reader's zone; UTC on hover. */
function time(iso) {
  const words = new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return element('time', { datetime: iso, title: iso }, words);
}

function element(name, set, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(set)) if (value !== '') made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
