import { render } from 'preact';
import { App } from '../../popup/app.tsx';
import '../../popup/popup.css';
import { say } from '../../say.ts';
import { openPage } from '../../show/open-page.ts';

render(<App />, openPage(say('popup_title')));
