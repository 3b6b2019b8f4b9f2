// Once (rule 22): an Idempotency-Key is claimed in the transaction of its hold; a repeat gets the stored answer or a refusal that names
// the first call, and is never forwarded twice.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hash } from 'node:crypto';
import type { StoredAnswer } from '../ledger/commands.ts';
import type { HoldOutcome } from '../ledger/outcomes.ts';
import type { Gate } from './gate.ts';
import { refusal, type Refusal } from './refuse.ts';

const KEY_MOST = 255;

/** The client's key as it was meant: the draft's quoted string and the bare text that most clients send are the same key. */
export function idempotencyKey(req: IncomingMessage): string | undefined | Refusal {
  const given = req.headers['idempotency-key'];
  if (given === undefined) return undefined;
  const text = String(given);
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (key === '' || key.length > KEY_MOST || !/^[\x20-\x7e]+$/.test(key)) {
    return refusal('request_malformed', `Idempotency-Key must be 1 to ${KEY_MOST} printable characters. Nothing was forwarded.`);
  }
  return key;
}

/**
 * What makes two requests the same: method, target and body. A multipart body is compared by its parts: the boundary is the client's
 * to choose anew on each try, and so is taken out.
 * @param body undefined where it was too long to read first: then the key alone claims.
 */
export function fingerprintOf(req: IncomingMessage, target: string, body: Buffer | undefined): string {
  const content = body === undefined ? 'unread' : hash('sha256', withoutBoundary(body, req.headers['content-type']));
  return hash('sha256', `${req.method} ${target}\n${content}`);
}

function withoutBoundary(body: Buffer, contentType: string | undefined): Buffer | string {
  const boundary = /^multipart\/[^;]+;.*\bboundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType ?? '');
  const text = boundary?.[1] ?? boundary?.[2];
  return text === undefined ? body : body.toString('latin1').replaceAll(`--${text}`, '--boundary');
}

/** The key as the upstream sees it: no two workspaces can collide in a shared upstream account. */
export function namespacedKey(workspace: string, key: string): string {
  return `tg-${hash('sha256', `${workspace}\n${key}`).slice(0, 48)}`;
}

/** What the ledger knows of the first call with an Idempotency-Key. */
export type RepeatedClaim = Extract<HoldOutcome, { refusal: 'claim_running' | 'claim_done' | 'claim_mismatch' }> & {
  claim: string;
};

/** Answers a repeat: with the answer of the first call where it was kept, else with what became of that call. */
export async function answerRepeat(gate: Gate, res: ServerResponse, found: RepeatedClaim): Promise<Refusal | undefined> {
  const { callId } = found;
  if (found.refusal === 'claim_running') {
    return refusal(
      'idempotency_running',
      `Call ${callId} with this Idempotency-Key is still running. Nothing was forwarded again.`,
      { callId },
    );
  }
  if (found.refusal === 'claim_mismatch') {
    const message = `This Idempotency-Key was used by call ${callId} with other content. Use a new key for a new call.`;
    return refusal('idempotency_mismatch', message, { callId });
  }
  const answer = await gate.kept.answer(found.claim);
  if (answer !== undefined) {
    replay(res, answer);
    return undefined;
  }
  const message = `Call ${callId} was made with this Idempotency-Key and its answer is not kept: it was streamed, long or incomplete. Nothing was forwarded again.`;
  return refusal('idempotency_spent', message, { callId });
}

function replay(res: ServerResponse, answer: StoredAnswer): void {
  const body = Buffer.from(answer.body, 'base64');
  res.statusCode = answer.status;
  for (const [name, value] of answer.headers) res.appendHeader(name, value);
  res.setHeader('idempotent-replayed', 'true');
  res.setHeader('content-length', body.length);
  res.end(body);
}
