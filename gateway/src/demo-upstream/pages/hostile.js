// A page that makes it hard for whatever stands in it: it redraws, hides in shadow roots and frames, has very many elements, lies about
// itself, and attacks what is not its own. Its address says which of these; see hostile.html.
import { byId, element } from './element.js';
import { signIn } from './gateway.js';
import { attack } from './hostile-attack.js';
import { showHints } from './hostile-hints.js';
import { showList } from './hostile-list.js';
import { lookUp } from './hostile-look-up.js';

const REDRAWS_EVERY_MS = 200;
const asked = new URLSearchParams(location.search);
const does = new Set((asked.get('do') ?? 'rerender,shadow,frames,list').split(','));
document.documentElement.dataset.theme = asked.get('theme') ?? '';
document.documentElement.dir = asked.get('dir') ?? 'ltr';

draw();
if (does.has('rerender')) setInterval(draw, REDRAWS_EVERY_MS);
if (does.has('shadow')) {
  byId('open').attachShadow({ mode: 'open' }).append(lookUp('open-1'), lookUp('open-2'));
  byId('closed').attachShadow({ mode: 'closed' }).append(lookUp('closed-1'), lookUp('closed-2'));
}
if (does.has('frames')) {
  const nested = `/demo/pages/hostile-frame?nested=1&${asked}`;
  byId('frames').append(element('iframe', { src: nested, title: 'A frame' }));
}
if (does.has('list') || does.has('all')) showList(byId('list'), does.has('all'));
if (does.has('hints')) showHints(byId('hints'));
attack(does, byId('loot'));
await signIn().catch((error) => (byId('state').textContent = error.message));

/** New elements each time: nothing that was there a moment ago is there still. */
function draw() {
  byId('panel').replaceChildren(element('p', {}, 'Each of these is a new element.'), lookUp('panel-1'), ' ', lookUp('panel-2'));
}
