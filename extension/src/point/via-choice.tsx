import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { OwnTag } from '../messages.ts';
import { say } from '../say.ts';

/** Whether the page's own calls pass the gateway: only then does a balance, a refusal or a receipt belong to the tag. */
export function ViaChoice({ via, onChoose }: { via: OwnTag['via']; onChoose: (via: OwnTag['via']) => void }): JSX.Element {
  const name = useId();
  return (
    <fieldset>
      <legend>{say('point_via')}</legend>
      <label class="choice">
        <input type="radio" name={name} value="gateway" checked={via === 'gateway'} onChange={() => onChoose('gateway')} />
        <span>{say('point_via_gateway')}</span>
      </label>
      <label class="choice">
        <input type="radio" name={name} value="none" checked={via === 'none'} onChange={() => onChoose('none')} />
        <span>{say('point_via_none')}</span>
      </label>
    </fieldset>
  );
}
