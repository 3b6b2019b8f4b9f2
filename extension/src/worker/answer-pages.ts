// What pages of the extension, and card frames in pages, can ask: one table, by name. Who asks is looked at first, then what is asked with.
import { browser } from 'wxt/browser';
import type { Answer, AskName, Asks } from '../messages.ts';
import { answerCard, cardContent, sizeCard } from '../pricing/card-frames.ts';
import { chain } from '../pricing/chain-of.ts';
import { answerEstimate } from '../pricing/estimate-tag.ts';
import { answerErase, answerExportAll, answerImportAll, answerSettings } from './answer-kept.ts';
import {
  answerCalls,
  answerChoose,
  answerOperations,
  answerPair,
  answerReceipt,
  answerRefresh,
  answerStandings,
  answerUnpair,
  answerUsage,
} from './answer-gateways.ts';
import { answerOwnTags, answerOwnTagsAsCard, answerPutOwnTag, answerRemoveOwnTag } from './answer-own-tags.ts';
import { answerPoint, answerSiteOff, answerSiteOn, answerSites } from './answer-sites.ts';
import { failed, inputInvalid, notFromHere, storageFull } from './problems.ts';
import { isAskName, OF_CARDS, OF_PANEL, readQuestion } from './questions.ts';
import { speakerOf, type Sender, type Speaker } from './sender.ts';
import { StorageFull } from './stored.ts';

/** What it was asked with is checked; `frame` is where a card asks from. */
export type Handlers = {
  [Name in AskName]: (given: Asks[Name]['with'], frame: Frame) => Promise<Answer<Name>>;
};

export interface Frame {
  tab: number;
  frame: number;
}

const HANDLERS: Handlers = {
  standings: answerStandings,
  pair: answerPair,
  unpair: answerUnpair,
  choose: answerChoose,
  refresh: answerRefresh,
  calls: answerCalls,
  receipt: answerReceipt,
  chain,
  usage: answerUsage,
  operations: answerOperations,
  estimate: answerEstimate,
  settings: answerSettings,
  sites: answerSites,
  siteOn: answerSiteOn,
  siteOff: answerSiteOff,
  point: answerPoint,
  ownTags: answerOwnTags,
  putOwnTag: answerPutOwnTag,
  removeOwnTag: answerRemoveOwnTag,
  ownTagsAsCard: answerOwnTagsAsCard,
  exportAll: answerExportAll,
  importAll: answerImportAll,
  erase: answerErase,
  card: cardContent,
  answer: answerCard,
  sized: sizeCard,
};

/** Called once, synchronously, when the worker starts. */
export function answerPages(ready: Promise<void>): void {
  browser.runtime.onMessage.addListener((message: unknown, sender: Sender, respond: (answer: unknown) => void) => {
    if (typeof message !== 'object' || message === null || !('ask' in message)) return undefined;
    const { ask } = message;
    const given = 'with' in message ? message.with : undefined;
    void ready.then(() => answerOne(ask, given, speakerOf(sender))).then(respond);
    // The answer comes later.
    return true;
  });
}

async function answerOne(name: unknown, given: unknown, speaker: Speaker): Promise<unknown> {
  if (!isAskName(name) || !mayAsk(name, speaker)) return { ok: false, problem: notFromHere() };
  const read = readQuestion(name, given);
  if (!read.ok) return { ok: false, problem: inputInvalid('worker_payload_unread', read.wrong) };
  const frame = speaker.is === 'card' ? speaker : { tab: -1, frame: -1 };
  try {
    // The question of this name was checked by the shape of this name.
    return await (HANDLERS[name] as (given: unknown, frame: Frame) => Promise<unknown>)(read.given, frame);
  } catch (error) {
    if (error instanceof StorageFull) return { ok: false, problem: storageFull() };
    console.error('tollgate:', error);
    return { ok: false, problem: failed() };
  }
}

function mayAsk(name: AskName, { is }: Speaker): boolean {
  if (is === 'panel') return OF_PANEL.has(name);
  return OF_CARDS.has(name) ? is === 'card' : is === 'page-of-ours';
}
