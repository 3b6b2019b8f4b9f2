// What a price may read of a request.
import type { IncomingMessage } from 'node:http';
import type { RequestBody, RequestFacts } from '@tollgate/shared/facts';

/** Few cards price a header; the others do not pay for reading them all. */
export class AskedFacts implements RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly query: RequestFacts['query'];
  readonly body: RequestBody;
  readonly labels: RequestFacts['labels'];
  readonly plan: string | null;
  readonly #req: IncomingMessage;

  constructor(
    req: IncomingMessage,
    path: string,
    search: string,
    body: RequestBody,
    labels: RequestFacts['labels'],
    plan: string | null,
  ) {
    this.method = req.method ?? 'GET';
    this.path = path;
    this.query = search === '' ? [] : [...new URLSearchParams(search)];
    this.body = body;
    this.labels = labels;
    this.plan = plan;
    this.#req = req;
  }

  get headers(): RequestFacts['headers'] {
    return distinctHeaders(this.#req);
  }
}

/** As text where a header came once; as a list where it came twice, which a price refuses (rule 16). */
function distinctHeaders({ headersDistinct }: IncomingMessage): RequestFacts['headers'] {
  const headers: Record<string, string | readonly string[]> = {};
  for (const name in headersDistinct) {
    const values = headersDistinct[name];
    if (values !== undefined) headers[name] = values.length === 1 ? (values[0] as string) : values;
  }
  return headers;
}
