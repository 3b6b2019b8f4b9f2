// The faults that a caller can ask for, by the header `x-demo-fault: cut-after=120,set-cookie` or by `?demo_fault=…`, so that a
// person can reproduce each of them by hand.

/** Every fault with what its value means. `GET /demo/faults` prints it. */
export const FAULTS = {
  slow: 'milliseconds before the head of the answer',
  drip: 'milliseconds before each piece of the body',
  hang: 'never answers',
  'hang-body': 'sends a piece of the body (so many bytes), then nothing more',
  reset: 'resets the connection before the head',
  'reset-after': 'resets the connection after so many bytes of the body',
  'cut-after': 'ends the connection after so many bytes of the body',
  'bad-chunk': 'sends a malformed chunk after so many bytes',
  status: 'answers with this status, and an error of this API from 400 on',
  'no-usage': 'leaves the usage out',
  usage: 'lies: negative, text, nan, huge, twice, or a number',
  'break-bound': 'goes so many tokens, rows or milliseconds past what was allowed',
  'error-event': 'an error event in the middle of an event stream',
  big: 'pads the answer to so many bytes',
  gzip: 'compresses, whatever was asked',
  chunked: 'sends no Content-Length, but chunks',
  'no-length': 'sends neither length nor chunks: the body ends with the connection',
  'set-cookie': 'sets a cookie',
  redirect: 'answers 302 with an absolute Location at its own origin',
  trailers: 'sends a trailer after the body',
  'connection-header': 'names a header of its own as hop-by-hop',
  spoof: 'sends the headers of the gateway itself',
  early: 'answers before it reads the body',
  'slow-read': 'reads the body at so many bytes per second (on /v1/sink)',
  executes: 'milliseconds that a query executes',
  fail: 'a query that fails',
  rows: 'how many rows a query gives',
} as const;

export type FaultName = keyof typeof FAULTS;
export type Faults = ReadonlyMap<FaultName, string>;

/**
 * Reads the faults of one request.
 * @returns them by name with their value (`''` where none was given), or the name that is no fault.
 */
export function readFaults(header: string | undefined, query: string | null): Faults | { unknown: string } {
  const faults = new Map<FaultName, string>();
  const asked = [header ?? '', query ?? ''].flatMap((list) => list.split(',')).filter((item) => item.trim() !== '');
  for (const item of asked) {
    const [name = '', value = ''] = item.trim().split('=', 2);
    if (!Object.hasOwn(FAULTS, name)) return { unknown: name };
    faults.set(name as FaultName, value);
  }
  return faults;
}

/** The number that a fault carries: `fallback` where it was asked for without one, `undefined` where it was not asked for. */
export function faultNumber(faults: Faults, name: FaultName, fallback: number): number | undefined {
  const value = faults.get(name);
  if (value === undefined) return undefined;
  const number = Number(value);
  return value === '' || !Number.isFinite(number) || number < 0 ? fallback : number;
}
