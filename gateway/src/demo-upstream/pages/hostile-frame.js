// A frame with a button, and another frame within.
import { byId, element } from './element.js';
import { lookUp } from './hostile-look-up.js';

const asked = new URLSearchParams(location.search);
const isNested = asked.get('nested') === '1';
asked.delete('nested');
document.documentElement.dataset.theme = asked.get('theme') ?? '';
document.documentElement.dir = asked.get('dir') ?? 'ltr';
byId('frame').append(lookUp(isNested ? 'frame-1' : 'frame-2'));
if (isNested) byId('frame').append(element('iframe', { src: `/demo/pages/hostile-frame?${asked}`, title: 'A frame within' }));
