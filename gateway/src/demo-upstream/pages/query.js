// A query editor with a dashboard, in one page: going from query to query changes the address and what is shown, and loads nothing anew.
import { byId, element } from './element.js';
import { signIn } from './gateway.js';
import { showDashboard } from './query-dashboard.js';
import { showEditor } from './query-editor.js';
import { QUERIES } from './query-list.js';

const BASE = '/demo/pages/query';

byId('nav').append(
  ...QUERIES.map(({ id, name }) => element('a', { href: `${BASE}/${id}` }, name)),
  element('a', { href: `${BASE}/dashboard` }, 'Dashboard'),
);
byId('nav').addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  show();
});
addEventListener('popstate', show);
show();
await signIn().catch((error) => byId('view').prepend(element('p', { class: 'notice', role: 'alert' }, error.message)));

function show() {
  const query = QUERIES.find(({ id }) => location.pathname === `${BASE}/${id}`);
  const isDashboard = location.pathname === `${BASE}/dashboard`;
  const shown = query ?? QUERIES[0];
  if (query === undefined && !isDashboard) history.replaceState(null, '', `${BASE}/${shown.id}`);
  for (const link of byId('nav').children) {
    if (link.href === location.href) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (isDashboard) showDashboard(byId('view'));
  else showEditor(byId('view'), shown);
}
