// The button that this page is full of: it reads one record, which has a price.
import { element } from './element.js';
import { call } from './gateway.js';

/** @param {string} id of the record @param {Record<string, string>} [more] further attributes */
export function lookUp(id, more = {}) {
  const press = async () => {
    const { ok, message } = await call(`/records/v1/businesses/${id}`);
    const state = document.getElementById('state');
    if (state !== null) state.textContent = ok ? `${id} was found.` : message;
  };
  return element('button', { type: 'button', class: 'lookup', 'data-record': id, onclick: press, ...more }, `Look up ${id}`);
}
