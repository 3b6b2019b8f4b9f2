// Reads an answer to its end, or to where it is stopped. By events rather than by iteration: an iterator costs more than all of the
// measuring of a short answer.
import type { CallEnd } from '@tollgate/shared/facts';
import type { Passage } from './answer.ts';
import { drainOf } from './drain.ts';
import { spentBuffer } from './spent-buffers.ts';
import { StoppedError, type StopReason } from './stop.ts';

export interface How {
  how: CallEnd['how'];
  why: StopReason | undefined;
}

/** Takes one piece. A reason cuts the answer behind it; a promise holds the next piece back until there is room for it. */
type TakePiece = (piece: Buffer) => StopReason | undefined | Promise<StopReason | undefined | void>;

/** A piece is taken before the next one is asked for, so nothing piles up. Rejects only for a fault of ours. */
export function readAnswer(passage: Passage, take: TakePiece): Promise<How> {
  const { answer } = passage;
  const watch = watchEnd(passage);
  const { promise, resolve, reject } = Promise.withResolvers<How>();
  let ended = false;

  function end(how: CallEnd['how'], why?: StopReason): void {
    if (ended) return;
    ended = true;
    watch.stop();
    if (how !== 'complete') answer.destroy();
    resolve({ how, why });
  }

  function fail(fault: unknown): void {
    ended = true;
    watch.stop();
    answer.destroy();
    reject(fault instanceof Error ? fault : new Error(String(fault)));
  }

  function onPiece(piece: Buffer): void {
    if (ended) return;
    try {
      watch.arrived(piece.length);
      spentBuffer(piece.length);
      const taken = take(piece);
      if (typeof taken === 'string') end('cut', taken);
      else if (taken !== undefined) {
        answer.pause();
        taken.then((cut) => (cut === undefined ? answer.resume() : end('cut', cut)), fail);
      }
    } catch (fault) {
      fail(fault);
    }
  }

  answer.on('data', onPiece);
  answer.on('end', () => end(answer.complete ? 'complete' : 'broken'));
  answer.on('error', (error) => (error instanceof StoppedError ? end('cut', error.why) : end('broken')));
  answer.on('close', () => end('broken'));
  return promise;
}

/** Stops an answer that stalls, runs past its seconds, or goes on too long after its client has left (rules 9, 10 and 12). */
function watchEnd({ gate, call, answer, outlet }: Passage): { arrived(bytes: number): void; stop(): void } {
  const limits = drainOf(call);
  const stop = (why: StopReason): void => void answer.destroy(new StoppedError(why));
  const idle = setTimeout(() => stop('timeout'), gate.rules.idleTimeoutMs);
  const { seconds } = call.quote.keep.cut;
  const elapsedMs = gate.monotonicMs() - call.startedMs;
  const most = seconds === undefined ? undefined : setTimeout(() => stop('bound_reached'), seconds * 1_000 - elapsedMs);
  let drain: NodeJS.Timeout | undefined;
  let drained = 0;
  const left = (): void => {
    if (call.res.writableFinished || drain !== undefined) return;
    drain = setTimeout(() => stop('client_left'), limits.ms);
  };
  if (outlet.gone()) left();
  else call.res.once('close', left);

  return {
    arrived: (bytes) => {
      idle.refresh();
      if (drain === undefined) return;
      drained += bytes;
      if (drained > limits.bytes) stop('client_left');
    },
    stop: () => {
      clearTimeout(idle);
      clearTimeout(most);
      clearTimeout(drain);
      call.res.off('close', left);
    },
  };
}
