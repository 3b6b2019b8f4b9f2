import { say } from '../say.ts';

/** Sets a page's title, and the direction of the language that its texts are in, which is not always the browser's. */
export function openPage(title: string): HTMLElement {
  document.title = title;
  document.documentElement.dir = say('show_direction');
  return document.querySelector<HTMLElement>('#app') ?? document.body;
}
