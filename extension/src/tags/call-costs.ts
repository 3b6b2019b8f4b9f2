// What calls cost that the page names beside its messages: `data-credits-call`. Shown only where the paired gateway knows the call.
import type { FromTags } from '../tag-messages.ts';
import type { Drawing } from './drawing.ts';
import { attributeOf } from './plain-dom.ts';
import { fillSign, makeSign, type Sign } from './sign.ts';

export interface CallCosts {
  keep(elements: readonly Element[]): void;
  near(sign: Sign): void;
  show(costs: readonly { callId: string; text: string; spoken: string }[]): void;
  /** The worker is another: it is asked again. */
  forget(): void;
  callOf(sign: Sign): string | undefined;
  clear(): void;
}

const TOGETHER_MS = 50;
const TOGETHER_MAX = 500;

export function callCosts(root: ShadowRoot, drawing: Drawing, send: (message: FromTags) => void): CallCosts {
  const signs = new Map<Element, { sign: Sign; callId: string }>();
  const known = new Map<string, { text: string; spoken: string }>();
  const asked = new Set<string>();
  const wanted = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let count = 0;

  function make(element: Element, callId: string): void {
    count += 1;
    const sign = makeSign(`c${count}`, element);
    signs.set(element, { sign, callId });
    drawing.add(sign);
    fill(sign, callId);
  }
  function fill(sign: Sign, callId: string): void {
    const cost = known.get(callId);
    if (cost !== undefined) fillSign(sign, { ...cost, range: null, tone: 'unknown', dot: null }, root);
  }
  function drop(element: Element): void {
    const had = signs.get(element);
    signs.delete(element);
    if (had !== undefined) drawing.remove(had.sign);
  }
  function want(callId: string): void {
    if (asked.has(callId)) return;
    asked.add(callId);
    wanted.add(callId);
    timer ??= setTimeout(() => {
      timer = undefined;
      const callIds = [...wanted];
      wanted.clear();
      for (let at = 0; at < callIds.length; at += TOGETHER_MAX) {
        send({ type: 'costs', callIds: callIds.slice(at, at + TOGETHER_MAX) });
      }
    }, TOGETHER_MS);
  }

  return {
    keep: (elements) => {
      const now = new Map(elements.map((element) => [element, callIdOf(element)]));
      for (const [element, { callId }] of signs) if (now.get(element) !== callId) drop(element);
      for (const [element, callId] of now) if (callId !== null && !signs.has(element)) make(element, callId);
    },
    near: (sign) => {
      const had = signs.get(sign.anchor);
      if (had?.sign === sign) want(had.callId);
    },
    show: (costs) => {
      for (const { callId, text, spoken } of costs) known.set(callId, { text, spoken });
      for (const { sign, callId } of signs.values()) fill(sign, callId);
      drawing.stir();
    },
    forget: () => {
      asked.clear();
      for (const { sign, callId } of signs.values()) if (sign.isNear) want(callId);
    },
    callOf: (sign) => {
      const had = signs.get(sign.anchor);
      return had?.sign === sign ? had.callId : undefined;
    },
    clear: () => {
      clearTimeout(timer);
      for (const element of signs.keys()) drop(element);
    },
  };
}

function callIdOf(element: Element): string | null {
  const callId = attributeOf(element, 'data-credits-call');
  return callId !== null && /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(callId) ? callId : null;
}
