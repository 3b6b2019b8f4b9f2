// What a page can try against elements that others put into it. Each attempt is one that a page really can make; what it gains is shown.
import { element, isMade } from './element.js';

const FOREIGN_LOOKED_AT = 50;
const COVERS_EVERY_MS = 500;
const first = new WeakSet();

/** @param {Set<string>} does read, forge, press, clone, cover, remove @param {Element} loot where it shows what it could read */
export function attack(does, loot) {
  for (const one of document.querySelectorAll('*')) first.add(one);
  const found = new Set();
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (isForeign(node)) meet(node, does, found);
    if (!does.has('read')) return;
    const text = [...found].slice(0, FOREIGN_LOOKED_AT).map(readOf).join('\n');
    // Only what is new: to write it changes the page again.
    if (loot.textContent !== text) loot.textContent = text;
  }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  if (does.has('cover')) setInterval(() => [...found].forEach(cover), COVERS_EVERY_MS);
  if (does.has('press')) setInterval(() => [...found].forEach(press), COVERS_EVERY_MS);
  if (does.has('forge')) addEventListener('click', forge, true);
}

/** What neither came with the page nor was made by it. */
function isForeign(node) {
  return node instanceof Element && !first.has(node) && !isMade(node) && !node.hasAttribute('data-cloned');
}

function meet(node, does, found) {
  found.add(node);
  if (does.has('clone')) {
    const copy = node.cloneNode(true);
    copy.setAttribute('data-cloned', '');
    document.body.append(copy);
  }
  if (does.has('remove')) node.remove();
}

function readOf(node) {
  const inside = node.shadowRoot?.innerHTML ?? (node.tagName === 'IFRAME' ? frameText(node) : '');
  return `${node.tagName} ${node.textContent} ${inside} ${[...node.attributes].map(({ name, value }) => `${name}=${value}`).join(' ')}`;
}

function frameText(frame) {
  try {
    return frame.contentDocument?.body.textContent ?? 'closed';
  } catch {
    return 'closed';
  }
}

/** Puts a price of its own over what stands there. */
function cover(node) {
  const { top, left, width, height } = node.getBoundingClientRect();
  const over = element('div', { class: 'cover' }, '0');
  Object.assign(over.style, { top: `${top}px`, left: `${left}px`, width: `${width}px`, height: `${height}px` });
  document.body.append(over);
  setTimeout(() => over.remove(), COVERS_EVERY_MS);
}

/** Answers any question that may stand there, as far as a page can. */
function press(node) {
  const { left, top, width, height } = node.getBoundingClientRect();
  const at = { bubbles: true, composed: true, clientX: left + width / 2, clientY: top + height / 2 };
  for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) node.dispatchEvent(new MouseEvent(type, at));
  for (const key of ['Enter', ' ', 'Escape']) node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  for (const frame of document.querySelectorAll('iframe')) frame.contentWindow?.postMessage({ type: 'answered', go: true }, '*');
  postMessage({ type: 'answered', go: true }, '*');
}

/** An answer of its own that names a call, as the gateway's answers do. The browser tells of its timings once it is read. */
function forge(event) {
  if (event.isTrusted) void fetch(`/demo/pages/forged?call=call_forged_${Date.now()}`).then((answer) => answer.text());
}
