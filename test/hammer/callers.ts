// Callers who call one after the other, each with a key of their own choice, and note what they sent, when, and what they were told.
import { setTimeout as sleep } from 'node:timers/promises';
import { plannedCall, type PlanOptions } from './plan.ts';
import { callOn, openSocket, type SocketAnswer } from './socket-call.ts';

export interface Noted {
  n: number;
  who: string;
  /** Epoch milliseconds by the callers' clock, before sending and after the answer. */
  sentAt: number;
  toldAt: number;
  answer: SocketAnswer;
}

export interface CallersOptions {
  port: number;
  /** By name; callers take them in turn. */
  keys: ReadonlyMap<string, string>;
  callers: number;
  plan: PlanOptions;
  now: () => number;
  /** They send nothing more once it is aborted. */
  until: AbortSignal;
}

// Whoever is refused waits a moment, as a person would: otherwise refusals are all that the machine has time for.
const REFUSED_PAUSE_MS = 120;

/** Resolves when everyone has had their last answer. */
export async function callUntil({ port, keys, callers, plan, now, until }: CallersOptions): Promise<Noted[]> {
  const noted: Noted[] = [];
  const names = [...keys.keys()];
  let next = 0;
  const work = async (_: unknown, index: number): Promise<void> => {
    const who = names[index % names.length] ?? '';
    while (!until.aborted) {
      const socket = await openSocket(port);
      next += 1;
      const call = plannedCall(next, plan);
      const headers = { ...call.headers, authorization: `Bearer ${keys.get(who)}` };
      const sentAt = now();
      const answer = await callOn(socket, { ...call, headers });
      noted.push({ n: call.n, who, sentAt, toldAt: now(), answer });
      if (answer.status === 402) await sleep(REFUSED_PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: callers }, work));
  return noted;
}
