// Asking before a click that a person wants to be asked about. A courtesy to people: only real clicks are asked about, and what may be spent is
// the gateway's to decide.
import type { FromTags } from '../tag-messages.ts';
import type { CardFrame } from './card-frame.ts';
import type { PageTags, Tag } from './page-tags.ts';
import { isConnected } from './plain-dom.ts';

export interface Asking {
  /** Of each click, before the page hears of it. */
  click(event: MouseEvent): void;
  answered(key: string, go: boolean): void;
  /** The question went without an answer. */
  left(key: string): void;
}

const PATH_MAX = 60;
// The worker may just be waking: it is asked a few times, and then there will be no question.
const QUESTION_MS = 1_500;
const QUESTION_TRIES = 6;
const ONCE_MORE_MS = 10_000;

/** @param notAsked called where the question cannot be shown: the click is not sent, and the next one goes through */
export function askBefore(
  tags: PageTags,
  card: CardFrame,
  send: (message: FromTags) => void,
  notAsked: (tag: Tag) => void,
): Asking {
  let waiting: { tag: Tag; target: HTMLElement | SVGElement } | null = null;
  let passing: EventTarget | null = null;
  const excused = new Map<string, number>();

  function click(event: MouseEvent): void {
    const path = event.composedPath().slice(0, PATH_MAX);
    if (passing !== null && path[0] === passing) return;
    if (!event.isTrusted) return;
    const tag = tagIn(path);
    if (tag === undefined) return;
    if (tag.shown?.ask == null || (excused.get(tag.key) ?? 0) > performance.now()) {
      excused.delete(tag.key);
      act(tag);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting?.tag === tag) return;
    const [target] = path;
    waiting = {
      tag,
      target: target instanceof HTMLElement || target instanceof SVGElement ? target : (tag.element as HTMLElement),
    };
    question(tag, QUESTION_TRIES);
  }
  function tagIn(path: readonly EventTarget[]): Tag | undefined {
    for (const each of path) {
      const tag = each instanceof Element ? tags.ofElement(each) : undefined;
      if (tag !== undefined) return tag;
    }
    return undefined;
  }
  function act(tag: Tag): void {
    if (tag.sent !== '' && tag.rule?.schedule == null) send({ type: 'acted', key: tag.key, at: performance.now() });
  }
  function question(tag: Tag, tries: number): void {
    if (waiting?.tag !== tag || card.isOpen()) return;
    card.close();
    if (tries > 0) {
      card.open(tag.sign, 'question');
      setTimeout(() => question(tag, tries - 1), QUESTION_MS);
      return;
    }
    waiting = null;
    excused.set(tag.key, performance.now() + ONCE_MORE_MS);
    notAsked(tag);
  }
  /** The click that was stopped, once, and only where its element is still there. */
  function repeat(tag: Tag, target: HTMLElement | SVGElement): void {
    const clicked = isConnected(target) && target instanceof HTMLElement ? target : tag.element;
    if (!isConnected(clicked) || !(clicked instanceof HTMLElement)) return;
    act(tag);
    passing = clicked;
    try {
      HTMLElement.prototype.click.call(clicked);
    } finally {
      passing = null;
    }
  }

  return {
    click,
    answered: (key, go) => {
      if (waiting?.tag.key !== key) return;
      const { tag, target } = waiting;
      waiting = null;
      card.close();
      if (go) repeat(tag, target);
    },
    left: (key) => {
      if (waiting?.tag.key === key) waiting = null;
    },
  };
}
