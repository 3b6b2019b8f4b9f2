// Price: the most this call can cost, what keeps that true, and the body with the fields that keep it.
import { applyEdits, modify } from 'jsonc-parser';
import { ZERO, type Microcredits } from '@tollgate/shared/credits';
import { chargeCall } from '@tollgate/shared/charge';
import { fitsWithin } from '@tollgate/shared/fits';
import type { CallFacts, Measurement, Scalar } from '@tollgate/shared/facts';
import type { Meter, MeterRequest } from '@tollgate/shared/meter/meter';
import type { Charge, Quote } from '@tollgate/shared/pricing';
import { quoteCall } from '@tollgate/shared/quote';
import type { Settlement } from '../ledger/commands.ts';
import type { Asked, Wanted } from './ask.ts';
import { storedLabels, type Labels } from './labels.ts';
import { refusal, type Refusal } from './refuse.ts';

/** A wanted call with its price. */
export interface Quoted extends Wanted, QuoteParts {}
/** A call that a request asks for, with its price. */
export interface Priced extends Asked, QuoteParts {}

interface QuoteParts {
  quote: Quote;
  labels: Labels;
  meter: Meter | undefined;
  meterRequest: MeterRequest;
  /** The body to forward, with what was injected; undefined where it streams. */
  body: Buffer | undefined;
  /** The search to forward: with what was injected into the query. */
  search: string;
}

const NOTHING_ASKED: MeterRequest = { set: [], hideReport: false };
const FREE: Quote = { ceiling: ZERO, exact: true, inputs: {}, bounds: {}, keep: { inject: [], cut: {} }, lines: [] };
const UNMEASURED: Measurement = { quantities: {}, received: {}, problems: [] };

/** Quotes the call under the card it was matched with, and edits its body so that the quote's bounds hold. */
export function price<Call extends Wanted>(asked: Call): (Call & QuoteParts) | Refusal {
  const { operation, request } = asked;
  if (operation === undefined) {
    const labels = storedLabels(asked.claimed, {}, asked.payer);
    return {
      ...asked,
      quote: FREE,
      labels,
      meter: undefined,
      meterRequest: NOTHING_ASKED,
      body: asked.raw,
      search: asked.target.search,
    };
  }
  const quoted = quoteCall(operation, asked.params, request);
  if (!quoted.ok) {
    const { code, field, message, known } = quoted.refusal;
    return refusal(code, `${message} Nothing was forwarded.`, {
      field,
      operation: operation.id,
      ...(known === undefined ? {} : { known }),
    });
  }
  const { quote } = quoted;
  const { meter } = operation;
  const meterRequest = request.body.kind === 'json' ? (meter?.prepare(request.body.value) ?? NOTHING_ASKED) : NOTHING_ASKED;
  const inject = [...quote.keep.inject, ...meterRequest.set];
  return {
    ...asked,
    quote,
    labels: storedLabels(asked.claimed, readLabels(operation.labels, quote), asked.payer),
    meter,
    meterRequest,
    body: inject.length === 0 ? asked.raw : withFields(asked, inject),
    search: withQuery(asked.target.search, inject),
  };
}

/** The charge of this call from what was measured and how it ended. Unpriced routes are let through as flagged, at nothing. */
export function chargeOf(call: Quoted, measured: Pick<CallFacts, 'measurement' | 'end'>): Charge {
  if (call.operation === undefined) return { total: ZERO, lines: [], free: ZERO, absorbed: ZERO, flags: [] };
  const facts: CallFacts = { inputs: call.quote.inputs, bounds: call.quote.bounds, ...measured };
  return chargeCall(call.operation, facts, call.quote.ceiling);
}

/** What the call is charged when nobody ever learns its end (rule 10): stored with the hold, so that a dead gateway needs no one. */
export function lapseOf(call: Quoted): Settlement {
  const facts = { measurement: UNMEASURED, end: { status: undefined, how: 'unknown' } } as const;
  const charge = chargeOf(call, facts);
  return { charge: charge.total, free: charge.free, absorbed: ZERO, ended: { ...facts, flags: charge.flags, reason: 'lapsed' } };
}

/** The largest values of the call's own fields with which it would fit (K6). */
export function fitting(call: Quoted, available: Microcredits): Readonly<Record<string, number>> {
  return call.operation === undefined ? {} : fitsWithin(call.operation, call.params, call.request, available);
}

/** The labels that the card takes from the request, such as `query_id: path.query_id`. */
function readLabels(labels: Readonly<Record<string, string>>, { inputs }: Quote): Labels {
  const read: Record<string, string> = {};
  for (const [label, field] of Object.entries(labels)) {
    const value = inputs[field];
    if (value !== undefined && value !== null) read[label] = String(value);
  }
  return read;
}

type Injection = { field: string; value: Scalar };

/** Sets body fields in the client's own text, so that everything else stays byte for byte as it was sent. */
function withFields({ request: { body } }: Wanted, inject: readonly Injection[]): Buffer | undefined {
  if (body.kind !== 'json') return undefined;
  let text = body.text;
  for (const { field, value } of inject) {
    if (!field.startsWith('body.')) continue;
    const path = field.slice('body.'.length).split('.');
    text =
      path.length === 1 && !((path[0] as string) in (body.value as object))
        ? insertFirst(text, path[0] as string, value, Object.keys(body.value as object).length === 0 && text === body.text)
        : applyEdits(text, modify(text, path, value, { formattingOptions: { insertSpaces: true } }));
  }
  return Buffer.from(text);
}

/** A field that is not there yet goes first: one splice, whatever follows. */
function insertFirst(text: string, name: string, value: Scalar, empty: boolean): string {
  const brace = text.indexOf('{') + 1;
  return `${text.slice(0, brace)}${JSON.stringify(name)}:${JSON.stringify(value)}${empty ? '' : ','}${text.slice(brace)}`;
}

function withQuery(search: string, inject: readonly Injection[]): string {
  let out = search;
  for (const { field, value } of inject) {
    if (!field.startsWith('query.')) continue;
    const pair = `${encodeURIComponent(field.slice('query.'.length))}=${encodeURIComponent(String(value))}`;
    out = out === '' || out === '?' ? `?${pair}` : `${out}&${pair}`;
  }
  return out;
}
