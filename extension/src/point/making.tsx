import type { JSX } from 'preact';
import type { OwnTag, Pairing } from '../messages.ts';
import { say, type Message } from '../say.ts';
import { pairingName } from '../show/pairing-name.ts';
import { ProblemNote } from '../show/problem.tsx';
import { useAnswer } from '../show/use-answer.ts';
import { withOperation, type Draft } from './draft.ts';
import { InputsEditor } from './inputs-editor.tsx';
import type { ReadNow } from './input-editor.tsx';
import { readOf } from './input-rows.ts';
import { OperationPicker } from './operation-picker.tsx';
import { pagePatterns, type PagePattern } from './page-patterns.ts';
import type { Read } from './panel.tsx';
import { PriceNow } from './price-now.tsx';
import { tagWrong } from './tag-wrong.ts';
import { ViaChoice } from './via-choice.tsx';

const COVERS: Readonly<Record<PagePattern['covers'], Message>> = {
  page: 'point_covers_page',
  alike: 'point_covers_alike',
  site: 'point_covers_site',
};

/** What the picked element does, what decides its price, where the tag stands and what it is called. */
export function Making(given: {
  draft: Draft;
  read: Read;
  pairings: readonly Pairing[];
  onChange: (draft: Draft) => void;
  onPoint: (name: string, values: readonly string[] | null) => void;
  onKeep: () => void;
  onOther: () => void;
}): JSX.Element {
  const { draft, read, pairings, onChange, onPoint, onKeep, onOther } = given;
  const { tag, element } = draft;
  const { answer, problem } = useAnswer('operations', { pairing: tag.pairing });
  const operation = answer?.operations.find(({ id }) => id === tag.operation);
  const wrong = tagWrong(tag);
  const change = (part: Partial<OwnTag>): void => onChange({ ...draft, tag: { ...tag, ...part } });
  const patterns = pagePatterns(element.address);
  return (
    <form
      class="making"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong === null) onKeep();
      }}
    >
      <p class="picked">
        <span>
          {element.label === '' ? element.tag : element.label} <code dir="ltr">{element.selector}</code>
        </span>
        <button type="button" class="plain" onClick={onOther}>
          {say('point_other')}
        </button>
      </p>
      {element.matches > 1 ? <p class="low-text">{say('point_matches', element.matches)}</p> : null}
      {element.closed ? <p class="low-text">{say('point_closed')}</p> : null}
      {pairings.length < 2 ? null : (
        <label class="labelled">
          <span>{say('point_gateway')}</span>
          <select onChange={({ currentTarget }) => change({ pairing: currentTarget.value, operation: '', inputs: {} })}>
            {pairings.map((pairing) => (
              <option key={pairing.id} value={pairing.id} selected={pairing.id === tag.pairing}>
                {pairingName(pairing)}
              </option>
            ))}
          </select>
        </label>
      )}
      {problem === null ? null : <ProblemNote problem={problem} />}
      <OperationPicker
        operations={answer?.operations ?? []}
        chosen={tag.operation}
        onChoose={(chosen) => onChange(withOperation(draft, chosen))}
      />
      {operation === undefined ? null : (
        <>
          <InputsEditor
            operation={operation}
            inputs={tag.inputs}
            now={nowOf(draft, read)}
            onPoint={(name) => onPoint(name, operation.fields.find((field) => field.name === name)?.values ?? null)}
            onChange={(inputs) => change({ inputs })}
          />
          <PriceNow pairing={tag.pairing} operation={operation.id} inputs={read} />
        </>
      )}
      <label class="labelled">
        <span>{say('point_name')}</span>
        <input value={tag.name} maxLength={200} onInput={({ currentTarget }) => change({ name: currentTarget.value })} />
      </label>
      <ViaChoice via={tag.via} onChoose={(via) => change({ via })} />
      <label class="labelled">
        <span>{say('point_page')}</span>
        <select onChange={({ currentTarget }) => change({ on: currentTarget.value })} aria-describedby="point-pattern">
          {patterns.map(({ pattern, covers }) => (
            <option key={pattern} value={pattern} selected={pattern === tag.on}>
              {say(COVERS[covers])}
            </option>
          ))}
        </select>
        <code id="point-pattern" class="muted" dir="ltr">
          {tag.on}
        </code>
      </label>
      <p class="actions">
        <button type="submit" class="main" aria-disabled={wrong !== null} aria-describedby="point-wrong">
          {say('point_keep')}
        </button>
        <span id="point-wrong" class="muted" role="status">
          {wrong}
        </span>
      </p>
    </form>
  );
}

/** What each input gives, and what else its field could give: by value, or by words where it is read as text. */
function nowOf({ tag, offered }: Draft, read: Read): ReadNow {
  return Object.fromEntries(
    Object.entries(tag.inputs).map(([name, source]) => {
      const byWords = readOf(source)?.read === 'text';
      const options = (offered[name] ?? []).map(({ value, words }) => (byWords ? words : value));
      return [name, { value: read[name] ?? null, offered: options }];
    }),
  );
}
