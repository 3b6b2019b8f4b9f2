// 5,000 rows, each with a button that spends: only those in view are in the page, and they are used again for others; or all of them at once.
import { element } from './element.js';
import { lookUp } from './hostile-look-up.js';

const ROWS = 5_000;
const ROW_PX = 36;

export function showList(list, all) {
  list.tabIndex = 0;
  list.classList.toggle('all', all);
  if (all) {
    list.append(...Array.from({ length: ROWS }, (_, at) => row(at)));
    return;
  }
  const tall = element('div', {});
  tall.style.blockSize = `${ROWS * ROW_PX}px`;
  list.append(tall);
  const inView = new Map();
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_PX) - 3);
    const last = Math.min(ROWS, first + Math.ceil(list.clientHeight / ROW_PX) + 6);
    for (const [at, one] of inView) {
      if (at >= first && at < last) continue;
      one.remove();
      inView.delete(at);
    }
    for (let at = first; at < last; at += 1) {
      if (inView.has(at)) continue;
      const made = row(at);
      made.style.insetBlockStart = `${at * ROW_PX}px`;
      inView.set(at, made);
      tall.append(made);
    }
  };
  list.addEventListener('scroll', draw, { passive: true });
  draw();
}

function row(at) {
  return element('div', { class: 'row' }, element('span', {}, `Record ${at + 1}`), lookUp(`row-${at + 1}`));
}
