import { render } from 'preact';
import { CardFrame } from '../../card/card-frame.tsx';
import '../../card/card.css';
import { say } from '../../say.ts';
import { openPage } from '../../show/open-page.ts';

render(<CardFrame nonce={location.hash.slice(1)} />, openPage(say('card_title')));
