import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

/** Tabs as the keyboard knows them: one stop, arrows go between them. */
export function Tabs<Id extends string>(given: {
  label: string;
  tabs: readonly { id: Id; name: string }[];
  chosen: Id;
  choose: (id: Id) => void;
  children: ComponentChildren;
}): JSX.Element {
  const { label, tabs, chosen, choose, children } = given;
  const page = useId();
  const move = (event: KeyboardEvent): void => {
    const to = target(event, tabs, chosen);
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
    document.querySelector<HTMLElement>(`[id="${page}-${to}"]`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} class="tabs" tabIndex={-1} onKeyDown={move}>
        {tabs.map(({ id, name }) => (
          <button
            key={id}
            id={`${page}-${id}`}
            type="button"
            role="tab"
            aria-selected={id === chosen}
            aria-controls={`${page}-panel`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => choose(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${page}-panel`} aria-labelledby={`${page}-${chosen}`} class="panel" tabIndex={0}>
        {children}
      </div>
    </>
  );
}

function target<Id extends string>(event: KeyboardEvent, tabs: readonly { id: Id }[], chosen: Id): Id | undefined {
  const at = tabs.findIndex(({ id }) => id === chosen);
  const forward = document.documentElement.dir === 'rtl' ? -1 : 1;
  const places: Readonly<Record<string, number>> = {
    ArrowRight: at + forward,
    ArrowLeft: at - forward,
    Home: 0,
    End: tabs.length - 1,
  };
  const place = places[event.key];
  return place === undefined ? undefined : tabs[(place + tabs.length) % tabs.length]?.id;
}
