// Makes elements without any markup in text: these pages run where text is never taken as HTML.

const made = new WeakSet();

/** Whether this page made it. What the document came with is for the caller to know. */
export function isMade(node) {
  return made.has(node);
}

/**
 * @param {string} name
 * @param {Record<string, any>} [set] attributes; `on…` are listeners, `false` and null leave one out, `true` sets it empty
 * @param {...(Node | string)} children
 */
export function element(name, set = {}, ...children) {
  const one = document.createElement(name);
  made.add(one);
  for (const [key, value] of Object.entries(set)) {
    if (key.startsWith('on')) one.addEventListener(key.slice(2), value);
    else if (value === true) one.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) one.setAttribute(key, `${value}`);
  }
  one.append(...children);
  return one;
}

/** The element of the page with this id; a page that lacks it is broken. */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** A table of rows that have the same columns. */
export function fillTable(table, columns, rows) {
  const isNumber = (column) => typeof rows[0]?.[column] === 'number' && 'number';
  const head = columns.map((column) => element('th', { scope: 'col', class: isNumber(column) }, column));
  const body = rows.map((row) => element('tr', {}, ...columns.map((column) => cell(row[column]))));
  table.replaceChildren(element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body));
}

function cell(value) {
  const isNumber = typeof value === 'number';
  return element('td', { class: isNumber && 'number' }, isNumber ? value.toLocaleString() : String(value ?? ''));
}
