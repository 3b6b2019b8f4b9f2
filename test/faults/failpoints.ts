// Preloaded into a gateway (`node --import`): kills the process at a named step of the call. The product has no code for it; the steps are
// found in its sources by their own lines while they are loaded, and a line that is not there any more ends the process with a clear word.
//
// What is armed stands in the file that TOLLGATE_FAILPOINT names: `<step>` or `<step>:<n>` for its nth time. It is deleted before
// the process dies, so that the next start lives.
import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { registerHooks } from 'node:module';

export interface Step {
  /** Below gateway/src. */
  file: string;
  /** How the one line of that file begins, without its indentation. */
  line: string;
  /** Whether the process dies before or after that line. */
  at: 'before' | 'after';
  /** True where a whole hold has gone to the disk by then, so that a call of this moment must have a row. */
  held: boolean;
  /** Which call reaches it. */
  by: 'whole' | 'stream' | 'fixed';
}

/** In the order in which a call passes them. */
export const STEPS = {
  'before the hold': {
    file: 'call/call.ts',
    line: 'const held = await hold(gate, current);',
    at: 'before',
    held: false,
    by: 'whole',
  },
  'batch not written': {
    file: 'store/sqlite/writer.ts',
    line: 'next.tallies.commits.rows += 1;',
    at: 'before',
    held: false,
    by: 'whole',
  },
  'batch written, unheard': {
    file: 'store/sqlite/writer.ts',
    line: 'this.#counters = next;',
    at: 'before',
    held: true,
    by: 'whole',
  },
  'held, not forwarded': { file: 'call/call.ts', line: 'await forward(gate, held);', at: 'before', held: true, by: 'whole' },
  'request made': { file: 'call/forward.ts', line: 'this.#request = request;', at: 'after', held: true, by: 'whole' },
  'head of the answer': { file: 'call/forward.ts', line: 'this.#answer = answer;', at: 'after', held: true, by: 'whole' },
  'answer whole, not settled': {
    file: 'call/answer.ts',
    line: 'const ended = await endCall(',
    at: 'before',
    held: true,
    by: 'whole',
  },
  'settled, head not written': {
    file: 'call/answer.ts',
    line: 'writeHead(gate, call, ended);',
    at: 'before',
    held: true,
    by: 'whole',
  },
  'settled, answer given': { file: 'call/answer.ts', line: 'outlet.end(body);', at: 'after', held: true, by: 'whole' },
  'settled by status, head not written': {
    file: 'call/answer.ts',
    line: 'writeHead(gate, call, settled);',
    at: 'before',
    held: true,
    by: 'fixed',
  },
  'settled by status, head written': {
    file: 'call/answer.ts',
    line: 'call.res.flushHeaders();',
    at: 'after',
    held: true,
    by: 'fixed',
  },
  'head of the stream given': { file: 'call/answer.ts', line: 'call.res.flushHeaders();', at: 'after', held: true, by: 'stream' },
  'stream whole, not settled': {
    file: 'call/answer.ts',
    line: 'const measured = measure.end(how.how);',
    at: 'after',
    held: true,
    by: 'stream',
  },
  'stream settled, cost untold': {
    file: 'call/answer.ts',
    line: 'if (trailer) tellCost(call, ended);',
    at: 'before',
    held: true,
    by: 'stream',
  },
  'cost of the stream told': { file: 'call/answer.ts', line: 'outlet.end(comment);', at: 'after', held: true, by: 'stream' },
  'mark written, not in place': {
    file: 'store/sqlite/mark.ts',
    line: 'await rename(`${file}.new`, file);',
    at: 'before',
    held: true,
    by: 'fixed',
  },
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof STEPS;

declare global {
  var diesAt: (step: string) => void;
}

const armedFile = process.env['TOLLGATE_FAILPOINT'];
const passed = new Map<string, number>();

globalThis.diesAt = (step) => {
  if (armedFile === undefined || !existsSync(armedFile)) return;
  const [name, nth = '1'] = readFileSync(armedFile, 'utf8').split(':');
  if (name !== step) return;
  const times = (passed.get(step) ?? 0) + 1;
  passed.set(step, times);
  if (times < Number(nth)) return;
  unlinkSync(armedFile);
  process.kill(process.pid, 'SIGKILL');
};

if (armedFile !== undefined) {
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const steps = Object.entries<Step>(STEPS).filter(([, { file }]) => url.endsWith(`/gateway/src/${file}`));
      if (steps.length === 0) return loaded;
      let text = Buffer.from(loaded.source as Uint8Array).toString('utf8');
      for (const [name, step] of steps) text = withStep(text, name, step);
      return { ...loaded, source: text };
    },
  });
}

/** A step stands on its own line, so that `if (…)` before it can not swallow it. */
function withStep(text: string, name: string, { file, line, at: where }: Step): string {
  const lines = text.split('\n');
  const [place, another] = lines.keys().filter((at) => lines[at]?.trim().startsWith(line) === true);
  if (place === undefined || another !== undefined) {
    throw new Error(`failpoints: "${line}" is not one line of gateway/src/${file}; name the step's line anew`);
  }
  lines.splice(where === 'before' ? place : place + 1, 0, `globalThis.diesAt(${JSON.stringify(name)});`);
  return lines.join('\n');
}
