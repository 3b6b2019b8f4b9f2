// Price tags in this document, from the first look to the last trace: what is found, read, asked, drawn, and taken away again.
import { say } from '../say.ts';
import type { FromTags, TagRuleHere, TagShown, ToTags } from '../tag-messages.ts';
import { askBefore, type Asking } from './ask-before.ts';
import { bubbles } from './bubbles.ts';
import { callCosts } from './call-costs.ts';
import { cardFrame } from './card-frame.ts';
import { connect } from './connection.ts';
import { openDrawing } from './drawing.ts';
import { findElements } from './find-elements.ts';
import { openOnHover } from './hover.ts';
import { openLayer } from './layer.ts';
import { pageTags } from './page-tags.ts';
import { fillSign, type Sign } from './sign.ts';
import { paced } from './slices.ts';
import { watchTraffic } from './traffic.ts';
import { watchPage } from './watch-page.ts';

const FIND_MS_LEAST = 30;
const READ_MS_LEAST = 40;
const ADDRESS_MS_LEAST = 250;
// Who types is not shown a card for each letter.
const CARD_MS_LEAST = 300;

/**
 * Shows tags until it is called off, the worker says so, or the extension is gone; the page is then as it was.
 * @returns what calls it off, and what each click is told to before the page hears of it
 */
export function showTags(): { leave: () => void; click: (event: MouseEvent) => void } {
  const over = new AbortController();
  const { signal } = over;
  let rules: readonly TagRuleHere[] = [];
  const broken = new Set<string>();
  let addressTimer: ReturnType<typeof setTimeout> | undefined;
  let cardTimer: ReturnType<typeof setTimeout> | undefined;

  const layer = openLayer(leave);
  const drawing = openDrawing(layer, signal, (sign) => {
    costs.near(sign);
    read();
  });
  const connection = connect(hear, leave);
  const tags = pageTags(layer.root, drawing, send);
  const costs = callCosts(layer.root, drawing, send);
  const modules = bubbles(layer.root, drawing, send);
  const card = cardFrame(layer, send, (key) => asking.left(key));
  const asking: Asking = askBefore(tags, card, send, (tag) => sayNotAsked(tag.sign));
  const traffic = watchTraffic((callId, startedAt) => send({ type: 'called', callId, startedAt }), signal);
  const find = paced(findAgain, signal, FIND_MS_LEAST);
  const read = paced(() => tags.read(), signal, READ_MS_LEAST);
  const watching = watchPage(
    {
      elements: () => {
        find();
        read();
      },
      fields: read,
      typed: () => {
        tags.typed();
        read();
      },
      moved: drawing.stir,
      topped: layer.raise,
      address: () => {
        addressTimer ??= setTimeout(() => {
          addressTimer = undefined;
          connection.reopen();
        }, ADDRESS_MS_LEAST);
      },
    },
    signal,
  );
  const comeAnew = openOnHover(
    drawing,
    card,
    {
      signOf: (element) => tags.ofElement(element)?.sign,
      open: openCard,
      left: (sign) => {
        const tag = tags.ofKey(sign.key);
        if (tag !== undefined) tags.price(tag);
      },
    },
    signal,
  );

  function send(message: FromTags): void {
    if (message.type === 'acted') traffic.acted(message.at);
    connection.send(message);
  }
  function hear(message: ToTags): void {
    switch (message.type) {
      case 'rules':
        ({ rules } = message);
        broken.clear();
        tags.forget();
        costs.forget();
        modules.settings(message.bubbles);
        modules.forget();
        find();
        read();
        return;
      case 'shown':
        return show(message.tags);
      case 'cost':
        tags.cost(message.cost);
        return message.cost.done ? renewCard(message.cost.key) : undefined;
      case 'costs':
        return costs.show(message.costs);
      case 'bubbles':
        return modules.show(message.scenario, message.modules);
      case 'frame':
        return card.frame(message.key, message.what, message.url);
      case 'sized':
        return card.size(message.key, message.width, message.height);
      case 'answered':
        comeAnew();
        return asking.answered(message.key, message.go);
      case 'off':
        return leave();
    }
  }
  function show(shown: readonly TagShown[]): void {
    const sign = card.now()?.sign;
    const before = sign === undefined ? '' : saidBy(sign);
    tags.show(shown);
    if (sign === undefined || saidBy(sign) === before) return;
    clearTimeout(cardTimer);
    cardTimer = setTimeout(() => renewCard(sign.key), CARD_MS_LEAST);
  }
  function* findAgain(): Generator<undefined, void> {
    const found = yield* findElements(rules, broken);
    for (const id of found.broken) broken.add(id);
    watching.roots(found.roots);
    yield* tags.keep(found.tags);
    costs.keep(found.calls);
    modules.keep(found.scenarios);
    drawing.stir();
  }
  function openCard(sign: Sign): void {
    const tag = tags.ofKey(sign.key);
    const callId = tag === undefined ? costs.callOf(sign) : tag.cost?.callId;
    if (callId !== undefined) card.open(sign, 'receipt', callId);
    else if (tag?.shown != null) card.open(sign, 'price');
  }
  /** A card that is open says what was so when it was opened: once a cost is known, or another price, it is about that. */
  function renewCard(key: string): void {
    const now = card.now();
    if (now === null || now.sign.key !== key || now.what === 'question') return;
    card.close();
    openCard(now.sign);
  }
  function sayNotAsked(sign: Sign): void {
    const text = say('tags_not_asked');
    fillSign(sign, { text, spoken: text, range: null, tone: 'unknown', dot: null }, layer.root);
    drawing.stir();
  }
  function leave(): void {
    if (signal.aborted) return;
    over.abort();
    clearTimeout(addressTimer);
    clearTimeout(cardTimer);
    card.close();
    tags.clear();
    costs.clear();
    modules.clear();
    connection.close();
    layer.remove();
  }
  find();
  return { leave, click: asking.click };
}

/** Its price in short: a card is not opened anew for what is left alone. */
function saidBy({ content }: Sign): string {
  return content === null ? '' : JSON.stringify([content.text, content.range, content.tone]);
}
