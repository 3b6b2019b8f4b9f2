// A chat with an agent: each of its answers names the call at its root, and the steps of its sub-agents name theirs.
import { byId, element } from './element.js';
import { account, askBackend, signIn } from './gateway.js';

byId('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (text !== '' && !byId('send').disabled) void send(text);
});
await signIn().catch((error) => (byId('state').textContent = error.message));

async function send(text) {
  byId('send').disabled = true;
  byId('state').textContent = 'Thinks …';
  byId('talk').append(element('div', { class: 'message own' }, text));
  const { ok, json, message } = await askBackend('agent/messages', { account: await account(), text });
  byId('state').textContent = ok ? '' : message;
  if (ok) show(json);
  if (ok && json.ok) byId('text').value = '';
  byId('send').disabled = false;
}

function show({ text, callId, steps }) {
  const below = steps
    .filter(({ depth }) => depth > 0)
    .map(({ agent, callId: id, text: said }) =>
      element('div', { class: 'message step' }, element('strong', { 'data-credits-call': id }, agent), ` ${short(said)}`),
    );
  byId('talk').append(...below, element('div', { class: 'message' }, element('span', { 'data-credits-call': callId }, text)));
}

function short(text) {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
