// How the demo's applications call the gateway from their own server: each call says what it belongs to, and which call it was made for.
import type { PagesSettings } from './pages-settings.ts';

const CALL_LIMIT_MS = 60_000;

export interface AppCall {
  /** Below the gateway: `/openai/v1/chat/completions`. A JSON body makes it a POST. */
  path: string;
  body: object;
  /** Sent as `baggage`: scenario, module, run, agent. */
  labels: Readonly<Record<string, string>>;
  /** The call that this one is made for: `Credits-Parent`. */
  parent?: string | undefined;
}

export type AppAnswer =
  | { ok: true; callId: string | null; json: Readonly<Record<string, unknown>> }
  /** `message` is the gateway's, or the upstream's, own. */
  | { ok: false; callId: string | null; message: string };

export type CallGateway = (call: AppCall) => Promise<AppAnswer>;

/** Calls with the key of one of the demo's accounts. The calls never reject. */
export function callsOf({ gateway }: PagesSettings, key: string): CallGateway {
  return async ({ path, body, labels, parent }) => {
    const headers = {
      ...(path.startsWith('/anthropic/')
        ? { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
        : { authorization: `Bearer ${key}` }),
      'content-type': 'application/json',
      baggage: Object.entries(labels)
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join(','),
      ...(parent === undefined ? {} : { 'credits-parent': parent }),
    };
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(CALL_LIMIT_MS) };
    let callId: string | null = null;
    try {
      const answer = await fetch(`${gateway}${path}`, init);
      callId = answer.headers.get('credits-call');
      const json = (await answer.json()) as Record<string, unknown>;
      return answer.ok ? { ok: true, callId, json } : { ok: false, callId, message: messageOf(json, answer.status) };
    } catch {
      return { ok: false, callId, message: 'The gateway did not answer to the end.' };
    }
  };
}

function messageOf(json: Readonly<Record<string, unknown>>, status: number): string {
  const { message } = json;
  return typeof message === 'string' ? message : `The answer was ${status}.`;
}
