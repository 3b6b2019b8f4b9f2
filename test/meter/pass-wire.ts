// Passes an answer through a meter as the gateway does, cut where a test wants it.
import type { CallEnd, Measurement, Quantities } from '@tollgate/shared/facts';
import type { AnswerForm, Meter } from '@tollgate/shared/meter/meter';
import { splitEvents } from '@tollgate/shared/meter/server-sent-events';
import { expect } from 'vitest';

export interface Passed {
  /** What the client gets. */
  shown: string;
  measurement: Measurement;
  soFar: Quantities;
  failed: boolean;
}

export interface Wire {
  meter: Meter | undefined;
  form?: AnswerForm;
  status?: number;
  /** The request, as the client sent it. */
  body?: unknown;
  how?: CallEnd['how'];
  mostChars?: number;
  /** Gives a document to the meter at once, as it comes where an answer waits for its cost. */
  atOnce?: boolean;
}

export function passWire(
  { meter, form = 'sse', status = 200, body = {}, how = 'complete', mostChars, atOnce = false }: Wire,
  pieces: readonly string[],
): Passed {
  if (meter === undefined) throw new Error('no such meter');
  const reader = meter.reader({ status, headers: {}, form }, meter.prepare(body));
  const splitter = splitEvents(mostChars === undefined ? {} : { mostChars });
  let shown = '';
  const take = (events: ReturnType<typeof splitter.push>) => {
    for (const { raw, event, overlong } of events) {
      if (overlong) reader.text(raw);
      if (event === undefined || reader.event(event) === 'show') shown += raw;
    }
  };
  for (const piece of pieces) {
    if (form === 'sse') take(splitter.push(piece));
    else {
      if (atOnce) reader.document(piece);
      else reader.text(piece);
      shown += piece;
    }
  }
  take(splitter.end());
  const soFar = reader.soFar();
  return { shown, soFar, failed: reader.failed(), measurement: reader.end(how) };
}

/** The same answer cut at every place, into single characters, and at once, must be measured alike. */
export function passEveryCut(wire: Wire, text: string): Passed {
  const whole = passWire(wire, [text]);
  for (let at = 1; at < text.length; at++) expect(passWire(wire, [text.slice(0, at), text.slice(at)])).toEqual(whole);
  expect(passWire(wire, text.split(''))).toEqual(whole);
  if (wire.form !== undefined && wire.form !== 'sse') expect(passWire({ ...wire, atOnce: true }, [text])).toEqual(whole);
  return whole;
}

export function sse(...data: readonly unknown[]): string {
  return data.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
}

/** Events whose name is the type in their data. */
export function named(...events: readonly object[]): string {
  return events.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
