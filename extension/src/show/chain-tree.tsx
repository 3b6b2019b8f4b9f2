import type { JSX } from 'preact';
import { say } from '../say.ts';
import type { ChainNode } from '../messages.ts';
import { Amount } from './amount.tsx';
import { chainRows } from './chain-rows.ts';

// Deeper ones are not moved further, so that their names keep a width.
const DEEPEST = 6;

/** An agent's call with all that ran for it: its own cost beside that with all below. `open` shows a call's receipt. */
export function ChainTree(given: {
  roots: readonly ChainNode[];
  current?: string;
  most?: number;
  open?: (id: string) => void;
}): JSX.Element {
  const { roots, current, most, open } = given;
  const { rows, more } = chainRows(roots, most);
  return (
    <section class="chain">
      <table>
        <caption>
          <h3>{say('show_chain_title')}</h3>
        </caption>
        <thead>
          <tr>
            <th scope="col">{say('show_chain_call')}</th>
            <th scope="col" class="figure">
              {say('show_chain_own')}
            </th>
            <th scope="col" class="figure">
              {say('show_chain_inclusive')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ node, depth }) => (
            <tr key={node.id} aria-current={node.id === current ? 'true' : undefined}>
              <td style={{ paddingInlineStart: `${Math.min(depth, DEEPEST) * 12}px` }}>
                <Name node={node} open={node.id === current ? undefined : open} />
              </td>
              <td class="figure">{node.state === 'open' ? '…' : <Amount credits={node.own} spent bare />}</td>
              <td class="figure">
                <Amount credits={node.inclusive} spent bare />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 ? <p class="muted">{say('show_chain_more', more)}</p> : null}
    </section>
  );
}

function Name({ node, open }: { node: ChainNode; open: ((id: string) => void) | undefined }): JSX.Element {
  const who = node.labels['agent'] ?? node.labels['module'] ?? node.labels['run'];
  const name = (
    <>
      {node.operation}
      {who === undefined ? null : <span class="muted"> {who}</span>}
    </>
  );
  if (open === undefined) return <span>{name}</span>;
  return (
    <button type="button" class="plain" onClick={() => open(node.id)}>
      {name}
    </button>
  );
}
