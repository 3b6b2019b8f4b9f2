// The tags of this document: which elements have one, what was read for each, what the worker says of it. Only what is near the screen is read and
// asked about, so that 5,000 rows are no work.
import type { FromTags, TagAsked, TagCost, TagRuleHere, TagShown } from '../tag-messages.ts';
import { readAnnotation } from './annotation.ts';
import type { Drawing } from './drawing.ts';
import { attributeOf, isConnected, nameOf, textOf } from './plain-dom.ts';
import { fieldOf, readInputs, readSchedule, summed } from './read-inputs.ts';
import { fillSign, makeSign, type Sign } from './sign.ts';

export interface Tag {
  key: string;
  element: Element;
  rule: TagRuleHere | null;
  sign: Sign;
  /** What the worker was told, as JSON; empty where it was not. */
  sent: string;
  shown: TagShown | null;
  cost: TagCost | null;
  /** Which typing was the last before its cost. */
  typing: number;
}

export interface PageTags {
  /** What was found now. */
  keep(found: ReadonlyMap<Element, TagRuleHere | null>): Generator<undefined, void>;
  /** Reads what is near the screen, and tells what has changed. */
  read(): Generator<undefined, void>;
  show(shown: readonly TagShown[]): void;
  cost(cost: TagCost): void;
  /** From here on another price is asked for: a page that empties its fields after sending does not take the cost away. */
  typed(): void;
  /** Back to its price, once its cost was looked at. */
  price(tag: Tag): void;
  /** Nothing was told yet: the worker is another. */
  forget(): void;
  ofElement(element: Element): Tag | undefined;
  ofKey(key: string): Tag | undefined;
  clear(): void;
}

// A sum over more than that has no tag: a part of a price would be a wrong one.
const PARTS_MAX = 200;
const MESSAGE_MAX = 200;
const TOGETHER = 50;
const TEXT_LENGTH_MAX = 60;
const TO_TELL = 'to tell';

export function pageTags(root: ShadowRoot, drawing: Drawing, send: (message: FromTags) => void): PageTags {
  const tags = new Map<Element, Tag>();
  const byKey = new Map<string, Tag>();
  // Another for each time that tags are shown: the worker remembers what was clicked in this document before.
  const series = Math.random().toString(36).slice(2, 8);
  let count = 0;
  let typing = 0;

  function make(element: Element, rule: TagRuleHere | null): void {
    count += 1;
    const key = `t${series}.${count}`;
    const tag: Tag = {
      key,
      element,
      rule,
      sign: makeSign(key, anchorOf(element, rule)),
      sent: '',
      shown: null,
      cost: null,
      typing,
    };
    tags.set(element, tag);
    byKey.set(key, tag);
    drawing.add(tag.sign);
  }
  /** The page made its element anew: it stays what it was, so that nothing flickers. */
  function adopt(tag: Tag, element: Element, rule: TagRuleHere | null): void {
    tag.element = element;
    tag.rule = rule;
    tags.set(element, tag);
    drawing.move(tag.sign, anchorOf(element, rule));
  }
  /** @returns its key where the worker knows it */
  function drop(tag: Tag): string[] {
    if (tags.get(tag.element) === tag) tags.delete(tag.element);
    byKey.delete(tag.key);
    drawing.remove(tag.sign);
    return tag.sent === '' ? [] : [tag.key];
  }
  function fill(tag: Tag): void {
    const { cost, shown, sign } = tag;
    if (cost !== null) {
      const { text, spoken } = cost;
      fillSign(sign, { text, spoken, range: null, tone: 'plain', dot: null }, root);
    } else if (shown !== null) fillSign(sign, shown, root);
    else drawing.blank(sign);
    drawing.stir();
  }
  function take(tag: Tag, asked: TagAsked | null): boolean {
    const text = asked === null ? '' : JSON.stringify(asked);
    if (text === tag.sent) return false;
    tag.sent = text;
    if (tag.typing !== typing) tag.cost = null;
    if (asked === null) tag.shown = null;
    fill(tag);
    return true;
  }

  return {
    *keep(found) {
      const lost = new Set<Tag>();
      for (const tag of tags.values()) {
        const rule = found.get(tag.element);
        if (rule === undefined || !sameRule(rule, tag.rule)) lost.add(tag);
        else tag.rule = rule;
      }
      const redrawn = new Map([...lost].flatMap((tag) => (isConnected(tag.element) ? [] : [[likenessOf(tag), tag]])));
      for (const { element } of lost) tags.delete(element);
      let done = 0;
      for (const [element, rule] of found) {
        if (tags.has(element)) continue;
        const same = redrawn.size === 0 ? undefined : redrawn.get(likenessOf({ element, rule }));
        if (same === undefined) make(element, rule);
        else {
          redrawn.delete(likenessOf(same));
          lost.delete(same);
          adopt(same, element, rule);
        }
        done += 1;
        if (done % TOGETHER === 0) yield;
      }
      const gone = [...lost].flatMap(drop);
      for (let at = 0; at < gone.length; at += MESSAGE_MAX) {
        send({ type: 'tags', tags: [], gone: gone.slice(at, at + MESSAGE_MAX) });
      }
    },
    *read() {
      const changed: TagAsked[] = [];
      const gone: string[] = [];
      for (const tag of tags.values()) {
        if (!tag.sign.isNear) continue;
        const asked = readTag(tag);
        const was = tag.sent;
        if (take(tag, asked)) {
          if (asked !== null) changed.push(asked);
          else if (was !== '') gone.push(tag.key);
        }
        if (changed.length >= MESSAGE_MAX) send({ type: 'tags', tags: changed.splice(0), gone: gone.splice(0) });
        yield;
      }
      if (changed.length > 0 || gone.length > 0) send({ type: 'tags', tags: changed, gone });
    },
    show: (shown) => {
      for (const one of shown) {
        const tag = byKey.get(one.key);
        if (tag === undefined || tag.sent === '') continue;
        tag.shown = one;
        fill(tag);
      }
    },
    cost: (cost) => {
      const tag = byKey.get(cost.key);
      if (tag === undefined) return;
      tag.cost = cost;
      tag.typing = typing;
      fill(tag);
    },
    typed: () => {
      typing += 1;
    },
    price: (tag) => {
      if (tag.cost?.done !== true) return;
      tag.cost = null;
      fill(tag);
    },
    forget: () => {
      // Told anew, and what the worker is just saying of it still counts.
      for (const tag of tags.values()) if (tag.sent !== '') tag.sent = TO_TELL;
    },
    ofElement: (element) => tags.get(element),
    ofKey: (key) => byKey.get(key),
    clear: () => {
      for (const tag of tags.values()) drop(tag);
    },
  };
}

/** Null where there is nothing to price: a sum over nothing, a schedule whose field is empty, an annotation that names nothing. */
function readTag({ key, element, rule }: Tag): TagAsked | null {
  if (rule === null) {
    const said = readAnnotation(element);
    return said === null ? null : { key, ...said };
  }
  const parts = rule.parts.flatMap(({ operation, inputs, forEach }) =>
    (forEach === null ? [element] : summed(forEach, element)).map((base) => ({ operation, inputs: readInputs(inputs, base) })),
  );
  const schedule = readSchedule(rule.schedule, element);
  if (parts.length === 0 || parts.length > PARTS_MAX || (rule.schedule !== null && schedule === null)) return null;
  return { key, rule: rule.id, origin: rule.origin, via: rule.via, parts, schedule, claimed: null };
}

/** A schedule's price stands beside the field where it is typed. */
function anchorOf(element: Element, rule: TagRuleHere | null): Element {
  return rule?.schedule ? fieldOf(rule.schedule, element) : element;
}

/** What tells elements apart that a page makes anew again and again. */
function likenessOf({ element, rule }: Pick<Tag, 'element' | 'rule'>): string {
  const said = ['id', 'name', 'data-credits-operation'].map((name) => attributeOf(element, name));
  return JSON.stringify([rule?.id ?? null, nameOf(element), ...said, textOf(element).slice(0, TEXT_LENGTH_MAX)]);
}

function sameRule(one: TagRuleHere | null, other: TagRuleHere | null): boolean {
  return one === other || (one !== null && other !== null && JSON.stringify(one) === JSON.stringify(other));
}
