// What a response says of its own cost (DESIGN section 7). A cost is told only once it is settled; nothing is guessed.
import { formatCredits, MICROCREDITS_PER_CREDIT, ZERO } from '@tollgate/shared/credits';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import { policiesOf } from './policies.ts';
import type { Ended } from './settle.ts';

/** Sets the headers of ours on the client's response, with the cost where it is settled already. */
export function writeHead(gate: Gate, call: Held, ended: Ended | undefined): void {
  const { res } = call;
  res.setHeader('credits-call', call.id);
  writeContext(call);
  res.setHeader('credits-hold', formatCredits(call.hold));
  res.setHeader('credits-available', formatCredits(ended?.available ?? call.available));
  res.setHeader('credits-rate-card', call.card.version);
  if (ended?.cost !== undefined) res.setHeader('credits-cost', ended.cost);
  writeLimits(gate, call, ended);
  const dur = ended?.cost === undefined ? '' : `;dur=${ended.cost}`;
  res.appendHeader('server-timing', `credits;desc="${call.id}"${dur}`);
}

/** The context that paid, by its full id: the name alone may be one in several organizations. */
export function writeContext({ res, payer }: Pick<Held, 'res' | 'payer'>): void {
  res.setHeader('credits-context', payer.workspace.id);
}

/**
 * The hard caps that this call counts in and the cycle of its credits, as in the IETF draft: whole credits, floored, each reset from the
 * window that is enforced. Caps that only watch refuse nothing, and so limit nothing.
 */
function writeLimits(gate: Gate, { res, caps, laid, available }: Held, ended: Ended | undefined): void {
  const { text, limits, cycle, reset } = policiesOf(laid);
  if (text === '') return;
  const now = gate.ledger.now();
  let left = '';
  for (const { name, at, limit, until } of limits) {
    left += `${left === '' ? '' : ', '}${limitText(name, limit - (caps[at]?.used ?? ZERO), until, now)}`;
  }
  if (cycle !== undefined) {
    left += `${left === '' ? '' : ', '}${limitText('"cycle"', ended?.available ?? available, cycle, now)}`;
  }
  res.setHeader('ratelimit-policy', text);
  res.setHeader('ratelimit', left);
  if (reset !== undefined) res.setHeader('credits-reset', reset);
}

function limitText(name: string, left: number, until: number | null, now: number): string {
  const text = `${name};r=${left <= 0 ? 0 : Math.floor(left / MICROCREDITS_PER_CREDIT)}`;
  return until === null ? text : `${text};t=${until <= now ? 0 : Math.ceil((until - now) / 1_000)}`;
}

/** Announces a cost trailer to a client that asked for trailers, on a body that is chunked anyway. */
export function announceTrailer({ req, res }: Held): boolean {
  const wanted = /(^|,)\s*trailers\s*(,|$)/i.test(req.headersDistinct['te']?.join(',') ?? '');
  if (!wanted || req.httpVersion === '1.0' || res.hasHeader('content-length')) return false;
  res.setHeader('trailer', 'Credits-Cost');
  return true;
}

export function tellCost({ res }: Held, { cost }: Ended): void {
  if (cost !== undefined && !res.destroyed) res.addTrailers({ 'Credits-Cost': cost });
}

/** The cost as an SSE comment: after the last whole event of a clean end only, where every parser passes over it (TRAPS, Clients). */
export function costComment({ id, service }: Held, { cost }: Ended): string {
  return cost === undefined || !service.sseComment ? '' : `: credits call=${id} cost=${cost}\n\n`;
}
