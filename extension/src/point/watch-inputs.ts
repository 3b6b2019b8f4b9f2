import type { TagInputs } from '@tollgate/shared/rate-card/tag';
import { readInputs, type Scalar } from '../tags/read-inputs.ts';

// Only what the tag names is read, so that looking often costs nothing.
const LOOK_EVERY_MS = 500;

/** Tells what the inputs of an element are now, and whenever they are something else. Ends with the function that it gives back. */
export function watchInputs(target: Element, inputs: TagInputs, tell: (read: Record<string, Scalar>) => void): () => void {
  let last = '';
  const look = (): void => {
    const read = readInputs(inputs, target);
    const text = JSON.stringify(read);
    if (text === last) return;
    last = text;
    tell(read);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('input', look, { capture: true, passive: true });
  document.addEventListener('change', look, { capture: true, passive: true });
  return () => {
    clearInterval(timer);
    document.removeEventListener('input', look, { capture: true });
    document.removeEventListener('change', look, { capture: true });
  };
}
