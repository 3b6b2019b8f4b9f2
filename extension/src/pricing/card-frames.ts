// The extension's own frames in pages: each has an address that is good once, in its own tab, for 30 seconds. What it shows and what a person
// answers in it goes between that frame and the worker; the page is told nothing but the frame's size, and whether to go on.
import type { Answer, CardContent, Problem } from '../messages.ts';
import { say } from '../say.ts';
import type { ToTags } from '../tag-messages.ts';
import { listeners } from '../worker/listeners.ts';
import { ownUrl } from '../worker/own-url.ts';
import { cardFramesItem, notTodayItem, type CardFrame } from '../worker/storage.ts';
import { whereRoom } from '../worker/stored.ts';
import { chainOf } from './chain-of.ts';
import { inclusiveOf, topmost } from './chain-tree.ts';
import { tellKept } from './surroundings.ts';
import { today } from './today.ts';

/** Which frame of which tab. */
export interface Place {
  tab: number;
  frame: number;
}

type ToOpener = Extract<ToTags, { type: 'answered' | 'sized' }>;

const toOpener = listeners<[opener: Place, message: ToOpener]>();
/** Called with what the page's script that opened a frame is to know. */
export const onCardFrame = toOpener.on;

const OPEN_MS = 30_000;
// A question may be thought about.
const KEEP_MS = 15 * 60_000;
const FRAMES_MOST = 50;
// So that one page does not take the place of another's question.
const OF_TAB_MOST = 10;
const SIDE_MOST = 2_000;
const OTHERS_MOST = 30;

type Receipted = Extract<CardFrame['shows'], { receipt: unknown }>['receipt'];

/** @returns the address of the frame to show */
export async function makeCardFrame(frame: Omit<CardFrame, 'at' | 'reader' | 'isAnswered'>): Promise<string> {
  const nonce = crypto.randomUUID();
  const at = Date.now();
  await cardFramesItem.change((all) => {
    const fresh = Object.entries(all).filter(([, one]) => Math.abs(at - one.at) < KEEP_MS);
    const others = fresh.filter(([, { tab }]) => tab !== frame.tab);
    const own = fresh.filter(([, { tab }]) => tab === frame.tab).slice(-OF_TAB_MOST + 1);
    const kept = [...others, ...own].slice(-FRAMES_MOST + 1);
    return Object.fromEntries([...kept, [nonce, { ...frame, at, reader: null, isAnswered: false }]]);
  });
  return `${ownUrl('/card.html')}#${nonce}`;
}

/** Read once, by the first frame of that tab that has its nonce. */
export async function cardContent({ nonce }: { nonce: string }, from: Place): Promise<Answer<'card'>> {
  const found = await take(nonce, (frame) => {
    const isGood = frame.tab === from.tab && frame.reader === null && Math.abs(Date.now() - frame.at) < OPEN_MS;
    return isGood ? { ...frame, reader: from.frame } : undefined;
  });
  if (found === undefined) return gone();
  const { shows } = found;
  return { ok: true, answer: 'content' in shows ? shows.content : await receiptOf(shows.receipt) };
}

/** Once, by the frame that has read the question. */
export async function answerCard(
  { nonce, go, notToday }: { nonce: string; go: boolean; notToday: boolean },
  from: Place,
): Promise<Answer<'answer'>> {
  const found = await take(nonce, (frame) => {
    const isQuestion = 'content' in frame.shows && frame.shows.content.kind === 'question';
    return isQuestion && isReader(frame, from) && !frame.isAnswered ? { ...frame, isAnswered: true } : undefined;
  });
  if (found === undefined) return { ok: false, problem: over() };
  if (go && notToday && found.button !== null) {
    const { button } = found;
    // Where there is no room to remember it, the person is asked again next time.
    await whereRoom(
      notTodayItem.change((all) => {
        const ofToday = Object.entries(all).filter(([, day]) => day === today());
        return { ...Object.fromEntries(ofToday), [button]: today() };
      }),
    );
    await tellKept('prices');
  }
  await toOpener.tell({ tab: found.tab, frame: found.frame }, { type: 'answered', key: found.key, go });
  return { ok: true, answer: {} };
}

export async function sizeCard(
  { nonce, width, height }: { nonce: string; width: number; height: number },
  from: Place,
): Promise<Answer<'sized'>> {
  const found = (await cardFramesItem.get())[nonce];
  if (found === undefined || !isReader(found, from)) return { ok: false, problem: over() };
  const side = (length: number): number => Math.min(SIDE_MOST, Math.max(0, Math.ceil(length)));
  const message = { type: 'sized' as const, key: found.key, width: side(width), height: side(height) };
  await toOpener.tell({ tab: found.tab, frame: found.frame }, message);
  return { ok: true, answer: {} };
}

/** Changes one in a single step, so that of two that come at once one is first. Undefined where it may not be. */
async function take(nonce: string, next: (frame: CardFrame) => CardFrame | undefined): Promise<CardFrame | undefined> {
  let taken: CardFrame | undefined;
  await cardFramesItem.change((all) => {
    const frame = Object.hasOwn(all, nonce) ? all[nonce] : undefined;
    taken = frame === undefined ? undefined : next(frame);
    return taken === undefined ? all : { ...all, [nonce]: taken };
  });
  return taken;
}

function isReader({ tab, reader }: CardFrame, from: Place): boolean {
  return tab === from.tab && reader === from.frame;
}

/** One receipt, and everything else that the click caused. */
async function receiptOf({ pairing, id, others }: Receipted): Promise<CardContent> {
  const [found, ...beside] = await Promise.all([id, ...others.slice(0, OTHERS_MOST)].map((one) => chainOf(pairing, one)));
  if (found === undefined || 'code' in found) return { kind: 'gone', message: found?.message ?? say('price_card_gone') };
  const { receipt, tree } = found;
  const trees = topmost([tree, ...beside.flatMap((one) => ('code' in one ? [] : [one.tree]))]);
  const below = [...tree.below, ...trees.filter((one) => one.id !== tree.id)];
  return { kind: 'receipt', receipt, below, inclusive: inclusiveOf(trees) };
}

function gone(): Answer<'card'> {
  return { ok: true, answer: { kind: 'gone', message: say('price_card_gone') } };
}

function over(): Problem {
  return { code: 'input_invalid', message: say('price_card_gone') };
}
