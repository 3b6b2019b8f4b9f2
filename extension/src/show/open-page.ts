import { browser } from 'wxt/browser';

/** Sets a page's title, and its direction by the browser's language. */
export function openPage(title: string): HTMLElement {
  document.title = title;
  const i18n = browser.i18n as unknown as { getMessage(name: string): string };
  document.documentElement.dir = i18n.getMessage('@@bidi_dir') === 'rtl' ? 'rtl' : 'ltr';
  return document.querySelector<HTMLElement>('#app') ?? document.body;
}
