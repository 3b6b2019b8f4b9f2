// GET /plain/rows?n=&format=json|csv|ndjson: rows in the three forms that are counted while they stream.
import { json, type Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { random } from './random.ts';
import { company } from './words.ts';

const ROWS_PER_PIECE = 100;

interface PlainRow {
  id: number;
  name: string;
  note: string;
  amount: number;
}

const FORMATS = {
  json: { type: 'application/json', before: '[', between: ',', after: ']', write: JSON.stringify },
  ndjson: { type: 'application/x-ndjson', before: '', between: '\n', after: '\n', write: JSON.stringify },
  csv: { type: 'text/csv', before: 'id,name,note,amount\r\n', between: '\r\n', after: '\r\n', write: csvLine },
} as const;

export function plainRows(exchange: Exchange): Answer {
  const count = Number(exchange.query.get('n') ?? 10);
  const format = exchange.query.get('format') ?? 'json';
  if (!Number.isSafeInteger(count) || count < 0 || !Object.hasOwn(FORMATS, format))
    return json({ error: 'n or format is not valid' }, 400);
  const { type } = FORMATS[format as keyof typeof FORMATS];
  return { status: 200, headers: { 'content-type': type }, body: pieces(exchange, count, format as keyof typeof FORMATS) };
}

function* pieces(exchange: Exchange, count: number, format: keyof typeof FORMATS): Generator<string> {
  const { before, between, after, write } = FORMATS[format];
  yield before;
  for (let at = 0; at < count; at += ROWS_PER_PIECE) {
    const rows = Array.from({ length: Math.min(ROWS_PER_PIECE, count - at) }, (_, index) => write(row(exchange, at + index)));
    yield `${at === 0 ? '' : between}${rows.join(between)}`;
  }
  if (count > 0 || format === 'json') yield after;
}

/** Notes hold what trips a counter of rows: quotes, commas, line breaks, brackets. */
function row(exchange: Exchange, id: number): PlainRow {
  const chance = random(exchange.around.seed, 'row', id);
  const note = chance.pick(['plain', 'with, a comma', 'with "quotes"', 'on two\nlines', 'a [bracket] {brace}']);
  return { id, name: company(chance), note, amount: chance.whole(0, 100_000) / 100 };
}

function csvLine({ id, name, note, amount }: PlainRow): string {
  return [id, name, `"${note.replaceAll('"', '""')}"`, amount].join(',');
}
