// The way of an answer to the client. A small whole one waits for its settle, so that its cost can go out in a header; everything else
// streams, and its cost follows as a trailer, an SSE comment or by calls/{id} (DESIGN section 7).
import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { Gate } from './gate.ts';
import { ownHeaders, returnedHeaders } from './headers.ts';
import type { Held } from './hold.ts';
import { linksOf, type Links } from './links.ts';
import { startMeasure, type Measure } from './measure.ts';
import { openOutlet, type Outlet } from './outlet.ts';
import { readAnswer, type How } from './read-answer.ts';
import { announceTrailer, costComment, tellCost, writeHead } from './receipt.ts';
import { refuse } from './refuse.ts';
import { endCall, endByStatus } from './settle.ts';

/** An answer as it arrives: the upstream's, or what an application's handler writes. */
export interface Answer extends Readable {
  statusCode?: number | undefined;
  statusMessage?: string | undefined;
  headers: IncomingHttpHeaders;
  /** True for an application's own answer: its cookies and origins are its own business. */
  trusted?: boolean;
  /** False while, and for ever where, the answer has not come whole. */
  complete: boolean;
}

/** Passes an answer on and settles the call; resolves when both are done. Rejects only for a fault of ours. */
export async function passAnswer(gate: Gate, call: Held, answer: Answer): Promise<void> {
  const passage = openPassage(gate, call, answer);
  if (waitsWhole(gate, call, answer, passage.measure)) await passWhole(passage);
  else await passStream(passage);
}

/** An answer on its way through the gate. */
export interface Passage {
  gate: Gate;
  call: Held;
  answer: Answer;
  measure: Measure;
  outlet: Outlet;
  links: Links;
}

function openPassage(gate: Gate, call: Held, answer: Answer): Passage {
  const measure = startMeasure(gate, call, answer);
  const links = linksOf(gate, call, measure.form);
  const headers = answer.trusted === true ? ownHeaders(answer.headers) : returnedHeaders(answer, links.header);
  call.res.statusCode = answer.statusCode ?? 502;
  if (answer.statusMessage !== undefined) call.res.statusMessage = answer.statusMessage;
  for (const name in headers) call.res.setHeader(name, headers[name] as string | string[]);
  return { gate, call, answer, measure, links, outlet: openOutlet(call.res, gate.rules.idleTimeoutMs) };
}

/** Answers that wait for their cost: without a body, or short by their own Content-Length where the operation does not stream. */
function waitsWhole(gate: Gate, call: Held, { statusCode, headers }: Answer, { form }: Measure): boolean {
  if (call.req.method === 'HEAD' || statusCode === 204 || statusCode === 304) return true;
  if (call.req.httpVersion === '1.0') return true;
  if (form === 'sse' || (call.operation?.streams === true && form === 'bytes')) return false;
  const length = headers['content-length'];
  return length !== undefined && Number(length) <= gate.rules.wholeAnswerBytesMost;
}

async function passWhole(passage: Passage): Promise<void> {
  const { gate, call, measure, outlet, links, answer } = passage;
  const pieces: Buffer[] = [];
  let kept = 0;
  const read = await readAnswer(passage, (piece) => {
    kept += piece.length;
    pieces.push(piece);
    // Only an HTTP/1.0 client gets here with an answer of unknown length: it is served whole within the bound, or not at all.
    return kept > gate.rules.wholeAnswerBytesMost ? 'bound_reached' : undefined;
  });
  const taken = measure.takeWhole(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces));
  // What a whole answer reports is used already: past its bound it still arrives, for its hold (rule 6). Only streams are cut for it.
  const how: How = read.how === 'complete' && taken.cut === 'bound_reached' ? { how: 'cut', why: taken.cut } : read;
  const rest = measure.rest();
  const body = links.whole(rest.length === 0 ? taken.pass : Buffer.concat([taken.pass, rest]));
  const ended = await endCall(gate, call, measure.end(how.how), how.why, how.how === 'complete' ? { answer, body } : undefined);
  if (how.how !== 'complete') {
    const cost = ended.cost === undefined ? '' : ` It is charged ${ended.cost} credits.`;
    for (const name of call.res.getHeaderNames()) call.res.removeHeader(name);
    refuse(call.res, {
      refused: 'upstream_broke',
      message: `The answer broke off before it was whole.${cost}`,
      more: { callId: call.id },
      headers: { 'credits-context': call.payer.workspace.id },
    });
    return;
  }
  writeHead(gate, call, ended);
  // HEAD and 304 keep the length of the body that they do not send.
  if (call.req.method !== 'HEAD' && call.res.statusCode !== 304) call.res.setHeader('content-length', body.length);
  outlet.end(body);
}

async function passStream(passage: Passage): Promise<void> {
  const { gate, call, measure, outlet, links, answer } = passage;
  const settled = await endByStatus(gate, call, answer.statusCode ?? 0);
  writeHead(gate, call, settled);
  if (links.rewrites || measure.form === 'sse') call.res.removeHeader('content-length');
  const trailer = settled === undefined && announceTrailer(call);
  call.res.flushHeaders();
  const how = await readAnswer(passage, (piece) => {
    const { pass, cut } = measure.take(piece);
    const room = outlet.write(links.piece(pass));
    if (cut === undefined || room === undefined) return cut ?? room;
    return room.then(() => cut);
  });
  const rest = measure.rest();
  const whole = how.how === 'complete' && rest.length === 0;
  if (how.how === 'complete') await outlet.write(links.last(rest));
  const measured = measure.end(how.how);
  // A reset must not wait for the ledger; a cost must.
  if (how.how !== 'complete') outlet.reset();
  const ended = settled ?? (await endCall(gate, call, measured, how.why, undefined));
  if (how.how !== 'complete') return;
  if (trailer) tellCost(call, ended);
  const comment = whole && measured.end.how === 'complete' && measure.form === 'sse' ? costComment(call, ended) : '';
  outlet.end(comment);
}
