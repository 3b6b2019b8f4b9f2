// Asks this gateway with a key. The paths stand beside the console's own, wherever the gateway is reached.
const KEY = /^tg_(spend|view|manage|operate)_\S+$/;
const BASE = location.pathname.slice(0, location.pathname.indexOf('/tollgate/console'));

/** What can be wrong with a key before anybody is asked. */
export const NO_KEY =
  'Not signed in: this is no key of a gateway. Keys begin with tg_spend_, tg_view_, tg_manage_ or tg_operate_.';

/** @returns {string | undefined} spend, view, manage or operate; undefined for what is no key */
export function scopeOf(key) {
  return KEY.exec(key)?.[1];
}

/** @returns {Promise<{ ok: boolean, status: number, said: any, message: string }>} status 0 where nobody answers */
export async function ask(method, path, key, body) {
  const headers = { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    const answer = await fetch(`${BASE}/tollgate/v1/${path}`, { method, headers, ...sent });
    const said = await answer.json();
    return { ok: answer.ok, status: answer.status, said, message: said.message ?? `The gateway answered ${answer.status}.` };
  } catch {
    return { ok: false, status: 0, said: {}, message: 'The gateway does not answer. Try again in a moment.' };
  }
}
