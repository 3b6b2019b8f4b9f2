import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { say } from '../say.ts';
import type { Pairing } from '../messages.ts';
import { useAnswer } from '../show/use-answer.ts';
import { firstCall } from './first-call.ts';

/** An empty list shows the command that fills it. */
export function NoCalls({ pairing }: { pairing: Pairing }): JSX.Element {
  const { answer } = useAnswer('operations', { pairing: pairing.id });
  const [copied, setCopied] = useState(false);
  const line = answer === null ? null : firstCall(pairing.url, answer.operations);
  if (line === null) return <p class="muted">{say('popup_calls_none_bare')}</p>;
  return (
    <div class="empty">
      <p>{say('popup_calls_none')}</p>
      <pre class="code">{line}</pre>
      <button type="button" onClick={() => void navigator.clipboard.writeText(line).then(() => setCopied(true))}>
        {say(copied ? 'popup_copied' : 'popup_copy')}
      </button>
    </div>
  );
}
