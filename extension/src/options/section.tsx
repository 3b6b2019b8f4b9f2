import type { ComponentChildren, JSX } from 'preact';

/** One part of the options, with what it is about in a sentence. `name` is its place in the address. */
export function Section(given: { name: string; title: string; about: string; children: ComponentChildren }): JSX.Element {
  const { name, title, about, children } = given;
  return (
    <section id={name} aria-labelledby={`${name}-title`} tabIndex={-1}>
      <h2 id={`${name}-title`}>{title}</h2>
      <p class="about muted">{about}</p>
      {children}
    </section>
  );
}
