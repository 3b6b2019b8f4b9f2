import { render } from 'preact';
import { OptionsPage } from '../../options/options-page.tsx';
import '../../options/options.css';
import { say } from '../../say.ts';
import { openPage } from '../../show/open-page.ts';

render(<OptionsPage />, openPage(say('options_title')));
