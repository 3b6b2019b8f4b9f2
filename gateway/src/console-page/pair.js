// Makes a code for pairing, or shows the one that the link brought. The key is kept in this closure and nowhere else; a code is never claimed here.
import { ask, NO_KEY, scopeOf } from './ask-gateway.js';

const CODE = /^[2-9A-HJ-NP-Z]{5}-?[2-9A-HJ-NP-Z]{5}$/;
const ABOUT = 'A link for pairing ends in a code such as #K7QF9-M2XTR.';

let key = '';
let countdown;

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  void whileBusy(event.submitter ?? byId('sign-in').querySelector('button'), signIn);
});
byId('make-code').addEventListener('click', () => void whileBusy(byId('make-code'), makeCode));
byId('again').addEventListener('click', () => void whileBusy(byId('again'), makeCode));
byId('sign-out').addEventListener('click', signOut);
byId('copy').addEventListener('click', () => void copy());
addEventListener('hashchange', begin);
begin();

function begin() {
  clearInterval(countdown);
  say('', '');
  const code = location.hash.slice(1).toUpperCase();
  if (code === '') show(key === '' ? 'sign-in' : 'make');
  else if (CODE.test(code)) showCode(code, location.href, null);
  else {
    show('sign-in');
    say(`This link is not whole, and nothing was paired. ${ABOUT} Make a new code here, or ask who sent it.`, '');
  }
}

async function signIn() {
  const typed = byId('key').value.trim();
  const scope = scopeOf(typed);
  if (scope === undefined) {
    say(NO_KEY, '');
    return;
  }
  const { ok, said, message } = await ask('GET', 'balance', typed);
  if (!ok) {
    say(`Not signed in. ${message}`, '');
    return;
  }
  key = typed;
  byId('key').value = '';
  const isOwn = scope === 'spend' || scope === 'view';
  byId('who').textContent = isOwn
    ? `Signed in for ${placeOf(said.context)}`
    : `Signed in with ${scope === 'operate' ? 'an' : 'a'} ${scope} key`;
  byId('for-whom').hidden = isOwn;
  byId('in-organization').hidden = scope !== 'operate';
  show('make');
  byId('who').focus();
}

function placeOf({ organization, workspace, user }) {
  const place = `${organization}/${workspace}`;
  return user === null ? place : `${user} in ${place}`;
}

async function makeCode() {
  const given = (id) => (byId(id).value.trim() === '' ? {} : { [id]: byId(id).value.trim() });
  const { organization } = given('organization');
  const path = organization === undefined ? 'pairings' : `pairings?organization=${encodeURIComponent(organization)}`;
  const { ok, said, message, status } = await ask('POST', path, key, { ...given('user'), ...given('workspace') });
  if (ok) {
    showCode(said.code, said.link, Date.parse(said.expiresAt));
    return;
  }
  if (status === 401) signOut();
  say(`No code was made. ${message}`, '');
}

/** @param {number | null} endsAt epoch milliseconds; null where only the link is known */
function showCode(code, link, endsAt) {
  show('code-made');
  byId('code').textContent = code;
  byId('code').classList.remove('ended');
  byId('link').value = link;
  byId('again-line').hidden = key === '';
  clearInterval(countdown);
  const tick = () => {
    const seconds = Math.ceil((endsAt - Date.now()) / 1000);
    const isOver = seconds <= 0;
    byId('left').textContent = isOver
      ? 'This code has ended. Make another one.'
      : `Good once, for ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} more.`;
    byId('code').classList.toggle('ended', isOver);
    if (isOver) clearInterval(countdown);
  };
  if (endsAt === null) byId('left').textContent = 'Good once, for ten minutes after it was made.';
  else {
    tick();
    countdown = setInterval(tick, 1000);
  }
  byId('code').focus();
}

async function copy() {
  const field = byId('link');
  try {
    await navigator.clipboard.writeText(field.value);
    say('', 'The link is copied.');
  } catch {
    // Browsers let a page write there only over https or on this machine.
    field.focus();
    field.select();
    say('', 'The link is selected: copy it with Ctrl+C, or ⌘C on a Mac.');
  }
}

function signOut() {
  key = '';
  for (const id of ['key', 'user', 'workspace', 'organization']) byId(id).value = '';
  say('', '');
  show('sign-in');
  byId('key').focus();
}

async function whileBusy(button, act) {
  say('', '');
  button.disabled = true;
  try {
    await act();
  } finally {
    button.disabled = false;
  }
}

function show(id) {
  for (const one of ['sign-in', 'make', 'code-made']) byId(one).hidden = one !== id;
}

function say(problem, said) {
  byId('problem').textContent = problem;
  byId('said').textContent = said;
}

function byId(id) {
  return document.getElementById(id);
}
