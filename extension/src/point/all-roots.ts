import { findRoots } from '../tags/find-elements.ts';
import type { Root } from '../tags/plain-dom.ts';

/** The document and its open shadow roots: where tags are looked for. At once, as a person waits for what they clicked. */
export function allRoots(): Root[] {
  const finding = findRoots();
  for (;;) {
    const step = finding.next();
    if (step.done === true) return step.value;
  }
}
