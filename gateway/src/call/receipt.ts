// What a response says of its own cost (DESIGN section 7). A cost is told only once it is settled; nothing is guessed.
import { formatCredits, MICROCREDITS_PER_CREDIT } from '@tollgate/shared/credits';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import type { Ended } from './settle.ts';

/** Sets the headers of ours on the client's response, with the cost where it is settled already. */
export function writeHead(gate: Gate, call: Held, ended: Ended | undefined): void {
  const { res } = call;
  res.setHeader('credits-call', call.id);
  res.setHeader('credits-hold', formatCredits(call.hold));
  res.setHeader('credits-available', formatCredits(ended?.available ?? call.available));
  res.setHeader('credits-rate-card', call.card.version);
  if (ended?.cost !== undefined) res.setHeader('credits-cost', ended.cost);
  writeLimits(gate, call);
  const dur = ended?.cost === undefined ? '' : `;dur=${ended.cost}`;
  res.appendHeader('server-timing', `credits;desc="${call.id}"${dur}`);
}

/** The caps that this call counts in, as in the IETF draft: whole credits, floored, the reset from the window that is enforced. */
function writeLimits(gate: Gate, { res, caps }: Held): void {
  if (caps.length === 0) return;
  const now = gate.ledger.now();
  const policies: string[] = [];
  const limits: string[] = [];
  let resetsAt: number | null = null;
  for (const { window, limit, used, resetsAt: until } of caps) {
    const left = Math.floor((limit - used) / MICROCREDITS_PER_CREDIT);
    const seconds = until === null ? '' : `;t=${Math.ceil((until - now) / 1_000)}`;
    policies.push(`"${window}";q=${Math.floor(limit / MICROCREDITS_PER_CREDIT)};qu="credits"`);
    limits.push(`"${window}";r=${left}${seconds}`);
    if (until !== null && (resetsAt === null || until < resetsAt)) resetsAt = until;
  }
  res.setHeader('ratelimit-policy', policies.join(', '));
  res.setHeader('ratelimit', limits.join(', '));
  if (resetsAt !== null) res.setHeader('credits-reset', new Date(resetsAt).toISOString());
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
