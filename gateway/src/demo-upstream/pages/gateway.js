// Calls through the gateway, straight from the page: its address and the keys of the demo's people come from config.json, which the demo
// serves on loopback alone. A real application would have its own server hold the key.
import { byId, element } from './element.js';

const CHOSEN = 'demo.account';
let settings;

/** Fills the choice of who is signed in; to be called once by each page. */
export async function signIn() {
  const found = await load();
  const choice = byId('account');
  choice.replaceChildren(...found.accounts.map(({ id, name }) => element('option', { value: id }, name)));
  choice.value = accountOf(found).id;
  choice.addEventListener('change', () => localStorage.setItem(CHOSEN, choice.value));
}

/** The id of who is signed in, for the demo's own backend. */
export async function account() {
  return accountOf(await load()).id;
}

/**
 * One call through the gateway.
 * @param {string} path with the service: /dune/api/v1/…
 * @returns {Promise<{ ok: boolean, callId: string | null, message: string, json: any, text: string }>} `message` says what went wrong
 */
export async function call(path, { method = 'GET', body, headers = {} } = {}) {
  let found;
  try {
    found = await load();
  } catch (error) {
    return failed(error.message);
  }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const key = { authorization: `Bearer ${accountOf(found).key}` };
  try {
    return await read(await fetch(`${found.gateway}${path}`, { method, headers: { ...key, ...type, ...headers }, ...sent }));
  } catch {
    return failed('Not sent: the gateway does not answer.');
  }
}

/** Asks the demo's own backend, on the page's own server. */
export async function askBackend(path, body) {
  try {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return await read(await fetch(`/demo/app/${path}`, body === undefined ? {} : post));
  } catch {
    return failed('Not sent: the demo does not answer.');
  }
}

function failed(message) {
  return { ok: false, callId: null, message, json: undefined, text: '' };
}

async function read(answer) {
  const callId = answer.headers.get('credits-call');
  const text = await answer.text().catch(() => '');
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  let json;
  try {
    json = isJson ? JSON.parse(text) : undefined;
  } catch {
    return { ok: false, callId, message: 'The answer was cut off.', json: undefined, text };
  }
  const message = answer.ok ? '' : (json?.message ?? json?.error ?? json?.detail ?? `The answer was ${answer.status}.`);
  return { ok: answer.ok, callId, message: String(message), json, text };
}

async function load() {
  settings ??= fetch('/demo/pages/config.json').then(async (answer) => {
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.message);
    return found;
  });
  try {
    return await settings;
  } catch (error) {
    // Asked again at the next click: the demo may have been on its way up.
    settings = undefined;
    throw error;
  }
}

function accountOf({ accounts }) {
  const chosen = localStorage.getItem(CHOSEN);
  return accounts.find(({ id }) => id === chosen) ?? accounts[0];
}
