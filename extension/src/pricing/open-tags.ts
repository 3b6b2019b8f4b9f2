// A content script's port: what it says is checked, priced and answered. What makes no sense is left alone.
import type { PageHint } from '@tollgate/shared/tags-contract';
import { browser } from 'wxt/browser';
import type { FromTags, ToTags } from '../tag-messages.ts';
import type { Port } from '../worker/ports.ts';
import type { PageFrame } from '../worker/sender.ts';
import { onReceipt, onReset } from '../worker/stream.ts';
import { buttonOf } from './believe-tag.ts';
import { makeCardFrame, onCardFrame } from './card-frames.ts';
import { cardOfTag } from './card-of-tag.ts';
import { costWords } from './cost-words.ts';
import { clickOn } from './click-on.ts';
import { learnEnded, noteEnded } from './ended-before.ts';
import { onEstimates } from './estimates.ts';
import { followCalls } from './followed-calls.ts';
import { createPageActs } from './page-acts.ts';
import { bubblesOf, setBubbles } from './page-bubbles.ts';
import { readPageHint } from './page-hint.ts';
import { createPageModules } from './page-modules.ts';
import { createPageTags } from './page-tags.ts';
import { readTagMessage } from './read-tag-message.ts';
import { rulesForPage } from './rules-for-page.ts';
import { cardsOf, onSurroundings, surroundings, surroundingsNow, type Surroundings } from './surroundings.ts';

const NAMED_MOST = 500;

interface OpenPage {
  page: PageFrame;
  post: (message: ToTags) => void;
  changed: (change: 'rules' | 'prices' | 'asked') => void;
  receipt: (pairing: string, call: Parameters<Parameters<typeof onReceipt>[0]>[1]) => void;
  missed: () => void;
}

const open = new Set<OpenPage>();

onSurroundings((change) => {
  for (const one of open) one.changed(change);
});
onEstimates(() => {
  for (const one of open) one.changed('asked');
});
onReceipt((pairing, call) => {
  noteEnded(pairing, call);
  for (const one of open) one.receipt(pairing, call);
});
onReset(() => {
  for (const one of open) one.missed();
});
onCardFrame((opener, message) => {
  for (const { page, post } of open) if (page.tab === opener.tab && page.frame === opener.frame) post(message);
});

/** Answers a frame of a page on a site that is on, until its port closes. @param early what it said before */
export function openTags(port: Port, page: PageFrame, early: readonly unknown[] = []): void {
  let isClosed = false;
  const post = (message: ToTags): void => {
    if (isClosed) return;
    try {
      port.postMessage(message);
    } catch {
      close();
    }
  };
  const pairings = (): string[] => [...(surroundingsNow()?.cards.keys() ?? [])];
  const tags = createPageTags(page, (shown) => post({ type: 'shown', tags: shown }));
  const named = new Set<string>();
  const calls = followCalls(page.tab, (call) => {
    if (named.has(call.id)) post({ type: 'costs', costs: [{ callId: call.id, ...wordsOf([call.tree]) }] });
    void acts.changed(call);
  });
  const acts = createPageActs(`${page.tab} ${page.frame} ${page.document}`, calls, (cost) => post({ type: 'cost', cost }));
  const modules = createPageModules(page.tab, pairings, post);
  let lastRules = '';
  let hint: PageHint | undefined;

  function sendRules(around: Surroundings): void {
    // Before there is anything to click.
    for (const pairing of pairings()) void learnEnded(pairing, false);
    const { ownTags } = around;
    const rules = rulesForPage(page.url, { ownTags, cards: cardsOf(around), hint });
    tags.takeRules(new Map(rules.map((one) => [one.rule.id, one])));
    const message: ToTags = {
      type: 'rules',
      rules: rules.map(({ rule }) => rule),
      bubbles: bubblesOf(around.settings, page.origin),
      locale: browser.i18n.getUILanguage(),
    };
    const text = JSON.stringify(message);
    if (text !== lastRules) post(message);
    lastRules = text;
    tags.again('all');
  }

  async function showNamed(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (isClosed || (!named.has(id) && named.size >= NAMED_MOST)) return;
      named.add(id);
      const call = await calls.follow(id, pairings());
      if (call !== undefined) post({ type: 'costs', costs: [{ callId: id, ...wordsOf([call.tree]) }] });
    }
  }

  async function openCard({ key, what, callId }: Extract<FromTags, { type: 'card' }>): Promise<void> {
    const { tab, frame } = page;
    const call = callId === undefined ? undefined : calls.get(callId);
    const now = tags.look(key);
    const ask = now?.shown?.ask ?? null;
    const button = what === 'question' && now !== undefined ? buttonOf(now.tag, page.origin) : null;
    if (what === 'receipt' ? call === undefined : now === undefined) return;
    const shows =
      what !== 'receipt' && now !== undefined
        ? { content: cardOfTag(now, what, what === 'question' ? ask : null) }
        : { receipt: { pairing: call?.pairing ?? '', id: call?.id ?? '', others: await othersOf(key, call?.id) } };
    post({ type: 'frame', key, what, url: await makeCardFrame({ tab, frame, key, shows, button }) });
  }

  /** Of one click: a message that names its call by itself has no others. */
  async function othersOf(key: string, id: string | undefined): Promise<readonly string[]> {
    const ids = await acts.callsOf(key);
    return id !== undefined && ids.includes(id) ? ids.filter((one) => one !== id) : [];
  }

  async function take(message: FromTags): Promise<void> {
    switch (message.type) {
      case 'tags':
        return tags.take(message.tags, message.gone);
      case 'acted': {
        const tag = tags.look(message.key)?.tag;
        if (tag === undefined || tag.pairing === null || tag.via === 'none') return undefined;
        const clicking = clickOn(tag, tag.pairing, message.at);
        return inOrder(async () => acts.acted(await clicking));
      }
      case 'called':
        return inOrder(() => acts.called(message.callId, message.startedAt));
      case 'costs':
        return showNamed(message.callIds);
      case 'modules':
        return modules.take(message);
      case 'bubbles':
        return setBubbles(page.origin, message.scenario, message.on);
      case 'card':
        return openCard(message);
      case 'visible':
      case 'hidden':
    }
  }

  async function begin(): Promise<void> {
    sendRules(await surroundings());
    void inOrder(() => acts.resume());
    void takeHint();
  }

  async function takeHint(): Promise<void> {
    hint = await readPageHint(page.origin);
    const now = surroundingsNow();
    if (hint !== undefined && now !== undefined && !isClosed) sendRules(now);
  }

  // A click is known before the call that it caused.
  let acting: Promise<unknown> = Promise.resolve();
  function inOrder(act: () => Promise<void>): Promise<void> {
    const done = acting.then(act);
    // One that fails keeps no other.
    acting = done.catch(() => undefined);
    return done;
  }

  function hear(raw: unknown): void {
    const message = readTagMessage(raw);
    if (message !== undefined) void takeLater(message);
  }

  async function takeLater(message: FromTags): Promise<void> {
    try {
      await ready;
      if (!isClosed) await take(message);
    } catch (error) {
      console.error('tollgate:', error);
    }
  }

  const here: OpenPage = {
    page,
    post,
    changed: (change) => {
      const around = surroundingsNow();
      if (change === 'rules' && around !== undefined) sendRules(around);
      else tags.again(change === 'asked' ? 'asked' : 'all');
    },
    receipt: (pairing, call) => {
      calls.receipt(pairing, call);
      modules.receipt(call);
    },
    missed: () => modules.again(),
  };
  function close(): void {
    isClosed = true;
    open.delete(here);
    tags.close();
    calls.close();
    modules.close();
  }

  const ready = begin();
  open.add(here);
  port.onMessage.addListener(hear);
  port.onDisconnect.addListener(close);
  for (const message of early) hear(message);
}

function wordsOf(trees: Parameters<typeof costWords>[0]): { text: string; spoken: string } {
  const { text, spoken } = costWords(trees);
  return { text, spoken };
}
