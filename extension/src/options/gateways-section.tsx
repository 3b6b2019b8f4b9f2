import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ToView } from '../messages.ts';
import { say } from '../say.ts';
import { PairForm } from '../show/pair-form.tsx';
import { GatewayRow } from './gateway-row.tsx';
import { Section } from './section.tsx';

/** Who is paired, in which context, which of them toolbar and popup show; and pairing with one more. */
export function GatewaysSection({ told, saved }: { told: ToView; saved: () => void }): JSX.Element {
  const { standings, settings } = told;
  const [unpaired, setUnpaired] = useState<{ name: string; revoked: boolean } | null>(null);
  return (
    <Section name="gateways" title={say('options_gateways')} about={say('options_gateways_about')}>
      {standings.length === 0 ? <p>{say('options_gateways_none')}</p> : null}
      <ul class="lines">
        {standings.map((standing) => (
          <GatewayRow
            key={standing.pairing.id}
            standing={standing}
            // With one gateway there is nothing to choose.
            shown={standings.length < 2 ? null : settings.shown === standing.pairing.id}
            saved={saved}
            unpaired={(revoked) => setUnpaired({ name: standing.pairing.name, revoked })}
          />
        ))}
      </ul>
      <p role="status">
        {unpaired === null ? '' : say(unpaired.revoked ? 'options_unpaired' : 'options_unpaired_not_revoked', unpaired.name)}
      </p>
      <PairForm paired={saved} />
    </Section>
  );
}
