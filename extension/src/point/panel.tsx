import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import type { Pairing, Problem } from '../messages.ts';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { newDraft, withInput, type Draft } from './draft.ts';
import { Making } from './making.tsx';
import { PointHere } from './point-here.tsx';
import { usePanelSize } from './use-panel-size.ts';
import { usePointing, type HeardHere } from './use-pointing.ts';

type Stage =
  | { is: 'target' }
  | { is: 'input'; name: string; values: readonly string[] | null }
  | { is: 'making' }
  | { is: 'kept'; name: string };
export type Read = Readonly<Record<string, string | number | boolean | null>>;

/** Pointing from the first click to the kept tag. It stands in a page, and shows nothing of a balance. */
export function Panel({ secret }: { secret: Promise<string | undefined> }): JSX.Element {
  const [stage, setStage] = useState<Stage>({ is: 'target' });
  const [draft, setDraft] = useState<Draft | null>(null);
  const [read, setRead] = useState<Read>({});
  const [at, setAt] = useState('');
  // What to do is said once the page listens: a click before that would be the page's.
  const [isHeard, setHeard] = useState(false);
  const [note, setNote] = useState<Problem | null>(null);
  const [pairings, setPairings] = useState<readonly Pairing[] | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [side, setSide] = useState<'start' | 'end'>('end');
  const pointing = usePointing(secret, hear);
  usePanelSize(pointing, side);

  useEffect(() => {
    if (pointing.state !== 'ready') return;
    void ask('standings', {}).then((told) => {
      if (!told.ok) return setNote(told.problem);
      setShown(told.answer.settings.shown);
      return setPairings(told.answer.standings.map(({ pairing }) => pairing));
    });
  }, [pointing.state]);

  const pairing = pairings?.find(({ id }) => id === shown) ?? pairings?.[0];
  const isPointing = pairing !== undefined && (stage.is === 'target' || stage.is === 'input');
  const pointedFrame = stage.is === 'input' ? (draft?.frame ?? 'all') : 'all';
  const { point, rest, send } = pointing;
  useLayoutEffect(() => {
    setHeard(false);
    setAt('');
    if (isPointing) point(stage.is === 'input' ? 'input' : 'target', pointedFrame);
    else rest();
  }, [isPointing, pointedFrame, stage.is, point, rest]);
  // Read for as long as the tag is made, and again whenever what is to be read is another.
  const inputs = draft === null ? '' : JSON.stringify(draft.tag.inputs);
  const frame = draft?.frame;
  useEffect(() => {
    if (frame !== undefined && inputs !== '') send(frame, { type: 'read', inputs: JSON.parse(inputs) as Draft['tag']['inputs'] });
  }, [frame, inputs, send]);

  function hear(message: HeardHere, from: number, origin: string, isOn: boolean): void {
    if (message.type === 'read') return setRead(message.inputs);
    if (message.type === 'pointing') return setHeard(true);
    if (message.type === 'stopped') return stop();
    if (message.type === 'at') return setAt(message.words);
    if (message.type === 'unreachable')
      return setNote({
        code: 'input_invalid',
        message: say(message.for === 'target' ? 'point_unreachable' : 'point_input_unreachable'),
      });
    if (!isOn) return setNote({ code: 'permission_missing', message: say('point_not_on', origin) });
    if (message.for === 'input') return takeInput(message.element);
    if (pairing === undefined) return undefined;
    setNote(null);
    setRead({});
    setDraft(newDraft(message.element, from, pairing.id, crypto.randomUUID(), Date.now()));
    return setStage({ is: 'making' });
  }

  function takeInput(element: Draft['element']): void {
    if (stage.is !== 'input' || draft === null) return undefined;
    if (element.closed) return setNote({ code: 'input_invalid', message: say('point_input_closed') });
    setNote(null);
    setDraft(withInput(draft, stage.name, element, stage.values));
    return setStage({ is: 'making' });
  }

  /** One step back; from the first one, out. */
  function stop(): void {
    setNote(null);
    if (stage.is === 'input') setStage({ is: 'making' });
    else pointing.leave();
  }

  async function keep(kept: Draft): Promise<void> {
    const told = await ask('putOwnTag', { tag: kept.tag });
    if (!told.ok) return setNote(told.problem);
    setNote(null);
    return setStage({ is: 'kept', name: kept.tag.name });
  }

  if (pointing.state === 'gone') return <p>{say('point_gone')}</p>;
  return (
    <>
      <header class="panel-head">
        <h1>{say('point_title')}</h1>
        <button type="button" class="plain" onClick={() => setSide(side === 'end' ? 'start' : 'end')}>
          {say('point_move')}
        </button>
        <button type="button" class="plain" onClick={pointing.leave}>
          {say('point_close')}
        </button>
      </header>
      {pairings !== null && pairing === undefined ? <p>{say('point_no_gateway')}</p> : null}
      {pairings === null && note === null ? <p class="muted">{say('point_loading')}</p> : null}
      {isPointing && isHeard ? (
        <PointHere input={stage.is === 'input' ? stage.name : null} at={at} onKey={pointing.key} onStop={stop} />
      ) : null}
      {note === null ? null : <ProblemNote problem={note} />}
      {stage.is === 'making' && draft !== null && pairings !== null ? (
        <Making
          draft={draft}
          read={read}
          pairings={pairings}
          onChange={setDraft}
          onPoint={(name, values) => setStage({ is: 'input', name, values })}
          onKeep={() => void keep(draft)}
          onOther={() => setStage({ is: 'target' })}
        />
      ) : null}
      {stage.is === 'kept' ? (
        <>
          <p role="status">{say('point_kept', stage.name)}</p>
          <p class="actions">
            <button type="button" class="main" onClick={pointing.leave}>
              {say('point_done')}
            </button>
            <button type="button" onClick={() => setStage({ is: 'target' })}>
              {say('point_another')}
            </button>
          </p>
        </>
      ) : null}
    </>
  );
}
