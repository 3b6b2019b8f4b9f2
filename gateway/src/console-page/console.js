// What is left, where it went, and single receipts, for who has a key. The key is kept in this module's memory: going from view to view loads no
// page anew, and closing it forgets.
import { ask, NO_KEY, scopeOf } from './ask-gateway.js';
import { balanceView, receiptView, usageView } from './console-views.js';

const HOME = location.pathname.slice(0, location.pathname.indexOf('/tollgate/console')) + '/tollgate/console/';
const DAYS = 30;

let key = '';
/** Counts up: an answer that comes after another view was opened is nobody's. */
let turn = 0;

// They were relative to the page that was loaded; the address changes without loading.
for (const link of document.querySelectorAll('nav a')) link.setAttribute('href', link.href);
byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn();
});
byId('sign-out').addEventListener('click', signOut);
document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (link === null || !isPlain || !isView(new URL(link.href).pathname)) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  void show();
});
addEventListener('popstate', () => void show());
void show();

async function signIn() {
  const typed = byId('key').value.trim();
  if (scopeOf(typed) === undefined) {
    say(NO_KEY);
    return;
  }
  say('');
  const { ok, message } = await ask('GET', 'balance', typed);
  if (!ok) {
    say(`Not signed in. ${message}`);
    return;
  }
  key = typed;
  byId('key').value = '';
  await show();
}

function signOut() {
  key = '';
  void show();
}

async function show() {
  turn += 1;
  const mine = turn;
  say('');
  const page = location.pathname.slice(HOME.length);
  for (const link of document.querySelectorAll('nav [data-view]')) {
    if (link.dataset.view === page) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  byId('sign-in').hidden = key !== '';
  byId('sign-out').hidden = key === '';
  if (key === '') {
    byId('view').replaceChildren();
    byId('key').focus();
    return;
  }
  const made = await viewOf(page);
  if (mine !== turn) return;
  if (made.status === 401) signOut();
  if (made.message !== undefined) say(made.message);
  byId('view').replaceChildren(...(made.view ?? []));
  document.title = `${byId('view').querySelector('h1')?.textContent ?? 'Tollgate'} · Tollgate`;
  const title = byId('view').querySelector('h1');
  title?.setAttribute('tabindex', '-1');
  title?.focus();
}

/** @returns the view, or why there is none */
async function viewOf(page) {
  if (page === 'usage') {
    const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    return load(
      ['reason', 'day'].map((by) => `usage?by=${by}&days=${DAYS}&zone=${zone}`),
      usageView,
    );
  }
  if (page.startsWith('calls/')) return load([page], (receipt) => receiptView(receipt, HOME));
  return load(['balance', 'calls?limit=20'], (balance, calls) => balanceView(balance, calls, HOME));
}

async function load(paths, make) {
  const answers = await Promise.all(paths.map((path) => ask('GET', path, key)));
  const failed = answers.find(({ ok }) => !ok);
  return failed === undefined ? { view: make(...answers.map(({ said }) => said)) } : failed;
}

function isView(path) {
  return /^(?:usage|calls\/[^/]+)?$/.test(path.startsWith(HOME) ? path.slice(HOME.length) : '-');
}

function say(problem) {
  byId('problem').textContent = problem;
}

function byId(id) {
  return document.getElementById(id);
}
