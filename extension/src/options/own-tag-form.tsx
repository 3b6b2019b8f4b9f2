import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OwnTag, Pairing } from '../messages.ts';
import { InputsEditor } from '../point/inputs-editor.tsx';
import { OperationPicker } from '../point/operation-picker.tsx';
import { tagWrong } from '../point/tag-wrong.ts';
import { ViaChoice } from '../point/via-choice.tsx';
import { say } from '../say.ts';
import { pairingName } from '../show/pairing-name.ts';
import { ProblemNote } from '../show/problem.tsx';
import { useAnswer } from '../show/use-answer.ts';
import { useDoing } from './use-doing.ts';

/** An own tag, to be changed by hand. Nothing is kept before it is right as a whole. */
export function OwnTagForm(given: {
  tag: OwnTag;
  pairings: readonly Pairing[];
  kept: () => void;
  closed: () => void;
}): JSX.Element {
  const { pairings, kept, closed } = given;
  const [tag, setTag] = useState(given.tag);
  const dialog = useRef<HTMLDialogElement>(null);
  const doing = useDoing();
  const isPaired = pairings.some(({ id }) => id === tag.pairing);
  const { answer, problem } = useAnswer('operations', isPaired ? { pairing: tag.pairing } : null);
  const operation = answer?.operations.find(({ id }) => id === tag.operation);
  const wrong = tagWrong(tag);
  const change = (part: Partial<OwnTag>): void => setTag({ ...tag, ...part });

  useEffect(() => dialog.current?.showModal(), []);

  async function keep(): Promise<void> {
    if (wrong !== null) return;
    if ((await doing.run('putOwnTag', { tag })) !== undefined) kept();
  }

  return (
    <dialog ref={dialog} aria-labelledby="own-tag-title" onClose={closed}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <h2 id="own-tag-title">{say('options_tag_edit', given.tag.name)}</h2>
        <label class="labelled">
          <span>{say('options_tag_name')}</span>
          <input value={tag.name} maxLength={200} onInput={({ currentTarget }) => change({ name: currentTarget.value })} />
        </label>
        <label class="labelled">
          <span>{say('options_tag_page')}</span>
          <input
            dir="ltr"
            class="code"
            value={tag.on}
            maxLength={500}
            onInput={({ currentTarget }) => change({ on: currentTarget.value })}
          />
        </label>
        <label class="labelled">
          <span>{say('options_tag_selector')}</span>
          <input
            dir="ltr"
            class="code"
            value={tag.selector}
            maxLength={500}
            onInput={({ currentTarget }) => change({ selector: currentTarget.value })}
          />
        </label>
        {pairings.length < 2 && isPaired ? null : (
          <label class="labelled">
            <span>{say('options_tag_gateway')}</span>
            <select onChange={({ currentTarget }) => change({ pairing: currentTarget.value })}>
              {isPaired ? null : <option selected>{say('options_tag_unpaired')}</option>}
              {pairings.map((pairing) => (
                <option key={pairing.id} value={pairing.id} selected={pairing.id === tag.pairing}>
                  {pairingName(pairing)}
                </option>
              ))}
            </select>
          </label>
        )}
        <OperationPicker
          operations={answer?.operations ?? []}
          chosen={tag.operation}
          onChoose={({ id }) => change({ operation: id, inputs: id === tag.operation ? tag.inputs : {} })}
        />
        {operation === undefined ? null : (
          <InputsEditor operation={operation} inputs={tag.inputs} onChange={(inputs) => change({ inputs })} />
        )}
        <ViaChoice via={tag.via} onChoose={(via) => change({ via })} />
        {[doing.problem, problem].map((one) => (one === null ? null : <ProblemNote key={one.code} problem={one} />))}
        <p class="actions">
          <button type="submit" class="main" aria-disabled={wrong !== null} aria-describedby="own-tag-wrong">
            {say('options_tag_keep')}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {say('options_cancel')}
          </button>
          <span id="own-tag-wrong" class="muted" role="status">
            {wrong}
          </span>
        </p>
      </form>
    </dialog>
  );
}
