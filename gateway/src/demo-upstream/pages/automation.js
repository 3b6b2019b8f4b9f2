// An automation on its canvas: one run after the other, and what each module of the shown run did.
import { byId, element, fillTable } from './element.js';
import { account, askBackend, signIn } from './gateway.js';

const ASKS_EVERY_MS = 300;
const PATIENCE_MS = 120_000;
const MODULES = ['Search companies', 'Enrich companies', 'Match people', 'Score leads', 'Write summary'];

drawModules(MODULES.map((module) => ({ module, state: 'waits', message: '' })));
byId('run-scenario').addEventListener('click', () => void run());
byId('account').addEventListener('change', () => void showRuns());
await signIn().then(showRuns, (error) => say(error.message));

async function run() {
  byId('run-scenario').disabled = true;
  say('Runs …');
  const started = await askBackend('automation/runs', { account: await account() });
  if (started.ok) await follow(started.json);
  else say(started.message);
  await showRuns();
  byId('run-scenario').disabled = false;
}

async function follow(first) {
  let shown = first;
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    showRun(shown);
    if (shown.state !== 'runs') return;
    await new Promise((resolve) => setTimeout(resolve, ASKS_EVERY_MS));
    const { ok, json, message } = await askBackend(`automation/runs/${first.run}`);
    if (!ok) {
      say(message);
      return;
    }
    shown = json;
  }
}

function showRun({ run: id, state, modules }) {
  byId('scenario').setAttribute('data-credits-run', id);
  drawModules(modules);
  const failed = modules.find((module) => module.state === 'failed');
  if (failed !== undefined) say(`${failed.module}: ${failed.message}`);
  else if (state === 'done') say('The run is done.');
}

async function showRuns() {
  const { ok, json, message } = await askBackend(`automation/runs?account=${encodeURIComponent(await account())}`);
  if (!ok) {
    say(message);
    return;
  }
  const rows = json.runs.map(({ startedAt, state, modules }) => ({
    Started: new Date(startedAt).toLocaleString(),
    Modules: modules.filter((module) => module.state === 'done').length,
    State: state,
  }));
  fillTable(byId('runs'), ['Started', 'Modules', 'State'], rows);
  if (json.runs.length > 0) showRun(json.runs[0]);
}

/** The elements of modules stay as they are while their state changes. */
function drawModules(modules) {
  const canvas = byId('canvas');
  if (canvas.children.length !== modules.length) {
    const boxes = modules.map(({ module }) =>
      element(
        'div',
        { class: 'module', 'data-credits-module': module },
        element('strong', {}, module),
        element('div', { class: 'quiet' }),
      ),
    );
    canvas.replaceChildren(...boxes);
  }
  for (const [at, { state, message }] of modules.entries()) {
    canvas.children[at].dataset.state = state;
    canvas.children[at].lastElementChild.textContent = state === 'failed' ? 'failed' : message === '' ? state : message;
  }
}

function say(text) {
  byId('state').textContent = text;
}
