// What is kept is for the extension's own pages: where the browser can, content scripts, which run beside pages, are kept from it.
import { browser } from 'wxt/browser';

export async function keepPagesOut(): Promise<void> {
  const area: { setAccessLevel?: (level: { accessLevel: 'TRUSTED_CONTEXTS' }) => Promise<void> } = browser.storage.local;
  // Firefox has no such switch.
  await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
