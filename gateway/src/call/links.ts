// Absolute links of the upstream lead back through the gateway: a client that followed one past it would send its key there, or fail.
import { createLinkRewriter } from '@tollgate/shared/meter/rewrite-links';
import type { AnswerForm } from '@tollgate/shared/meter/meter';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';

export interface Links {
  /** True where bodies may change in length. */
  rewrites: boolean;
  header(value: string): string;
  whole(body: Buffer): Buffer;
  piece(piece: Buffer): Buffer;
  /** The end of a body that went through in pieces. */
  last(piece: Buffer): Buffer;
}

/** Rewrites headers with links (Location, Link, an API's own next page), and the fields of JSON answers that the card names. */
export function linksOf(gate: Gate, call: Held, form: AnswerForm): Links {
  const from = gate.upstreamOrigin(call.service.upstream);
  const header = (value: string): string =>
    from === undefined || !value.includes(from) ? value : value.replaceAll(from, baseOf(gate, call));
  const paths = call.operation?.links ?? [];
  const same = (piece: Buffer): Buffer => piece;
  if (from === undefined || form !== 'json' || paths.length === 0)
    return { rewrites: false, header, whole: same, piece: same, last: same };
  const rewriter = createLinkRewriter({ paths, from, to: baseOf(gate, call) });
  const decoder = new TextDecoder();
  const piece = (bytes: Buffer): Buffer => Buffer.from(rewriter.push(decoder.decode(bytes, { stream: true })));
  const last = (bytes: Buffer): Buffer => Buffer.from(rewriter.push(decoder.decode(bytes)) + rewriter.end());
  return { rewrites: true, header, whole: last, piece, last };
}

/** Where the client reaches this service: as the operator says, else as the client itself did. */
function baseOf(gate: Gate, { res, service }: Held): string {
  return `${gate.rules.publicUrl ?? `http://${res.req.headersDistinct['host']?.[0] ?? 'localhost'}`}${service.path}`;
}
