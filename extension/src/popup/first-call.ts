import type { Taggable } from '@tollgate/shared/tags-contract';

/**
 * A line for the shell that makes a call through the gateway: of the operation that needs the least, with the values that have a price.
 * The key is named and never shown: this browser's cannot spend. Null where nothing has a price.
 */
export function firstCall(url: string, operations: readonly Taggable[]): string | null {
  const [easiest] = operations.toSorted((one, other) => needs(one) - needs(other));
  if (easiest === undefined) return null;
  const path = easiest.path.replaceAll(/\{\*?(\w+)\}/g, '1');
  const fields = (prefix: string): [string, string | number | boolean][] =>
    easiest.fields
      .filter(({ name }) => name.startsWith(prefix))
      .flatMap(({ name, values, absent }) => {
        const value = values?.[0] ?? absent;
        return value === null ? [] : [[name.slice(prefix.length), value]];
      });
  const query = new URLSearchParams(fields('query.').map(([name, value]) => [name, String(value)])).toString();
  const body = fields('body.');
  const method = easiest.method === 'GET' ? [] : [`-X ${easiest.method}`];
  return [
    'curl',
    ...method,
    quoted(`${url}${path}${query === '' ? '' : `?${query}`}`),
    '-H "Authorization: Bearer $TOLLGATE_KEY"',
    ...(body.length === 0
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(Object.fromEntries(body)))}`]),
  ].join(' ');
}

function needs({ method, path, fields }: Taggable): number {
  const open = fields.filter(({ values, absent }) => values === null && absent === null).length;
  return (method === 'GET' ? 0 : 2) + (path.includes('{') ? 1 : 0) + open * 2;
}

/** For a POSIX shell: a card cannot put a command into what people paste. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
