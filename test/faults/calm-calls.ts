// Some ordinary calls, one after the other, so that a store has something to lose.
import type { GatewayKit } from '../kit/gateway.ts';
import { plannedCall, type PlanOptions } from '../hammer/plan.ts';
import { callOn, openSocket, type SocketAnswer } from '../hammer/socket-call.ts';

const PLAN: PlanOptions = { seed: 11, kinds: 'calm' };

export async function makeCalls(kit: GatewayKit, from: number, count: number): Promise<SocketAnswer[]> {
  const answers = [];
  for (let n = from; n < from + count; n += 1) answers.push(await makeCall(kit, n));
  return answers;
}

export async function makeCall(
  kit: GatewayKit,
  n: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<SocketAnswer> {
  const call = plannedCall(n, PLAN);
  const socket = await openSocket(Number(new URL(kit.url).port));
  return await callOn(socket, { ...call, headers: { ...call.headers, ...headers, authorization: `Bearer ${kit.spendKey}` } });
}
