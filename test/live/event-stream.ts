// A client of the event stream, as anybody would write one: fetch with the key in a header, and a parser of server-sent events.
import { createParser } from 'eventsource-parser';
import { until } from './receiver.ts';

export interface Message {
  event: string;
  id: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
}

export interface EventStream {
  status: number;
  headers: Headers;
  messages: Message[];
  /** The bytes that came, comments too. */
  text(): string;
  /** Of one type, once there are so many. */
  told(event: string, count: number): Promise<Message[]>;
  /** Resolves when the other side ends. */
  ended: Promise<void>;
  close(): void;
}

export async function openStream(
  url: string,
  key: string,
  { query = '', lastEventId }: { query?: string; lastEventId?: string } = {},
): Promise<EventStream> {
  const leave = new AbortController();
  const answer = await fetch(`${url}/tollgate/v1/events${query}`, {
    headers: { authorization: `Bearer ${key}`, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
    signal: leave.signal,
  });
  const messages: Message[] = [];
  let text = '';
  const parser = createParser({
    onEvent: ({ event = '', id = '', data }) => messages.push({ event, id, data: JSON.parse(data) as unknown }),
  });
  const read = async (): Promise<void> => {
    if (answer.body === null) return;
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      parser.feed(piece);
    }
  };
  return {
    status: answer.status,
    headers: answer.headers,
    messages,
    text: () => text,
    told: (event, count) => {
      const of = (): Message[] => messages.filter((message) => message.event === event);
      return until(
        () => (of().length >= count ? of() : undefined),
        `${count} × ${event}; there were: ${JSON.stringify(messages)}`,
      );
    },
    ended: read().catch(() => undefined),
    close: () => leave.abort(),
  };
}
