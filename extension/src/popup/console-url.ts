import type { Pairing } from '../messages.ts';

/** A page of the gateway's console: `calls/<id>`, `usage`. Nothing secret is part of it. */
export function consoleUrl({ url }: Pick<Pairing, 'url'>, ...page: readonly string[]): string {
  return `${url}/tollgate/console/${page.map(encodeURIComponent).join('/')}`;
}
