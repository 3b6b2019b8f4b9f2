// Messages that are not the payment account's are noted in the audit, but a stranger who sends thousands must not fill the disk with them: a few
// rows a minute, and the rest is only counted.
import type { Directory } from '../people/directory.ts';

const ROWS_PER_MINUTE = 5;
const MINUTE_MS = 60_000;

export interface RefusedSignatures {
  /** @param from the address that it came from */
  note(adapter: string, from: string, why: string): Promise<void>;
}

export function createRefusedSignatures(directory: Pick<Directory, 'write'>, monotonicMs: () => number): RefusedSignatures {
  let minute = -Infinity;
  let rows = 0;
  let unwritten = 0;
  return {
    async note(adapter, from, why) {
      if (monotonicMs() - minute >= MINUTE_MS) {
        minute = monotonicMs();
        rows = 0;
      }
      if (rows >= ROWS_PER_MINUTE) {
        unwritten += 1;
        return;
      }
      rows += 1;
      const after = unwritten === 0 ? null : { unwritten };
      unwritten = 0;
      await directory.write({
        puts: [],
        audits: [
          {
            by: 'gateway',
            user: null,
            from,
            organization: null,
            action: 'payment.refuse',
            subject: { kind: 'payment', id: adapter },
            before: null,
            after,
            reason: why,
          },
        ],
        events: [],
      });
    },
  };
}
