import { render } from 'preact';
import { Panel } from '../../point/panel.tsx';
import '../../point/panel.css';
import { say } from '../../say.ts';
import { openPage } from '../../show/open-page.ts';

render(<Panel />, openPage(say('point_title')));
