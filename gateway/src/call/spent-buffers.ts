// A stream leaves behind a read buffer of up to 64 kB per piece, outside of V8's heap, where the collector hardly notices them: a hundred
// megabytes may wait to be freed. So that memory stays level while gigabytes pass (promise 5), a minor collection is asked for each time
// that a few megabytes have passed. It takes a fraction of a millisecond, because next to nothing of a stream is alive.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const COLLECT_EACH_BYTES = 2 * 1_048_576;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
setFlagsFromString('--no-expose-gc');

let passed = 0;

/** Counts what passed through in pieces, of all calls together. */
export function spentBuffer(bytes: number): void {
  passed += bytes;
  if (passed < COLLECT_EACH_BYTES) return;
  passed = 0;
  collect({ type: 'minor' });
}
