// The vocabulary of the answers: plain business English, put together by chance that can be repeated.
import type { Random } from './random.ts';

const SUBJECTS = 'orders,returns,invoices,signups,renewals,shipments,tickets,payments,trades,visits,leads,contracts'.split(',');
const VERBS = 'rose,fell,doubled,slowed,recovered,stayed flat,peaked,moved,levelled off,grew'.split(',');
const PLACES = 'in Lisbon,across the north,in the second quarter,after the launch,on weekends,for new teams,since March'.split(
  ',',
);
const REASONS =
  'because the price changed,as the campaign ended,while support caught up,with fewer returns,despite the outage'.split(',');
const OPENERS = 'Overall,In short,Compared with last month,By region,For the larger accounts,Looking closer'.split(',');
const COMPANIES = 'Northwind,Blue Harbor,Fernway,Kestrel,Oakline,Lumen Field,Stonebridge,Paperboat,Tidewater,Marigold'.split(',');
const TRADES = 'Logistics,Analytics,Foods,Robotics,Health,Energy,Studios,Systems,Textiles,Capital'.split(',');
const NAMES = 'Ana,Bruno,Chiara,Deniz,Elif,Farid,Greta,Hugo,Ines,Jonas,Katya,Liam'.split(',');
const SURNAMES = 'Almeida,Berger,Costa,Duarte,Eriksen,Fontaine,Gruber,Haddad,Ivanov,Jensen,Kowalski,Lindqvist'.split(',');

/** Text as the pieces a model would emit it in: one per token, at least one byte each; joined they read as sentences. */
export function prose(random: Random, tokens: number): string[] {
  const pieces: string[] = [];
  while (pieces.length < tokens) {
    const sentence = `${random.pick(OPENERS)}, ${random.pick(SUBJECTS)} ${random.pick(VERBS)} ${random.pick(PLACES)} ${random.pick(REASONS)}.`;
    pieces.push(...(`${pieces.length === 0 ? '' : ' '}${sentence}`.match(/ ?[A-Za-z0-9]+|[.,]/g) ?? []));
  }
  return pieces.slice(0, tokens);
}

/** A short phrase, for fields that want text. */
export function phrase(random: Random): string {
  return `${random.pick(SUBJECTS)} ${random.pick(PLACES)}`;
}

export function company(random: Random): string {
  return `${random.pick(COMPANIES)} ${random.pick(TRADES)}`;
}

export function person(random: Random): string {
  return `${random.pick(NAMES)} ${random.pick(SURNAMES)}`;
}

export function trade(random: Random): string {
  return random.pick(TRADES);
}
