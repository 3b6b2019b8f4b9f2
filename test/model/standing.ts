// What a standing must say: what a hold of nothing would find, done in books that are laid aside (decision 7).
import type { CapCheck, Terms } from '../../gateway/src/ledger/commands.ts';
import { asideOf } from './books.ts';
import type { Books } from './books.ts';
import { accountOf, availableOf, burnOrder, heldOf, isOver } from './grants.ts';
import { standingOfCap, turn } from './hold.ts';
import { extraLeft, extraWindowOf, seenIn, windowOf } from './windows.ts';

/** What somebody asks for: the sources of a payer, with or without caps and terms. */
export interface Look {
  sources: readonly string[];
  caps?: readonly CapCheck[];
  terms?: Terms;
}

export function standingOf(books: Books, look: Look, at: number) {
  const aside = asideOf(books);
  turn(aside, look, at);
  const sources = look.sources.map((account) => {
    const alive = burnOrder(aside, account).filter((one) => !isOver(one, at) && one.spent + one.ended < one.amount);
    const grants = alive.map((grant) => ({ ...grant, held: heldOf(aside, grant.id) }));
    return { account, available: availableOf(aside, [account], at), held: accountOf(aside, account).held, grants };
  });
  const ends = sources.flatMap(({ grants }) => grants).flatMap((grant) => (grant.expiresAt === null ? [] : [grant.expiresAt]));
  return {
    available: availableOf(aside, look.sources, at),
    held: sources.reduce((total, one) => total + one.held, 0n),
    sources,
    caps: (look.caps ?? []).map((cap) => ({ ...standingOfCap(aside, cap), held: seenIn(aside, windowOf(cap)).held })),
    extra: extraOf(aside, look.terms),
    nextExpiryAt: ends.sort((a, b) => a - b)[0] ?? null,
  };
}

function extraOf(books: Books, terms: Terms | undefined) {
  if (!terms?.extra) return null;
  const left = extraLeft(books, terms.extra);
  return { limit: BigInt(terms.extra.limit), ...seenIn(books, extraWindowOf(terms.extra)), left };
}
