import { render } from 'preact';
import { Panel } from '../../point/panel.tsx';
import { secretOfFrame } from '../../point/secret-of-frame.ts';
import '../../point/panel.css';
import { say } from '../../say.ts';
import { openPage } from '../../show/open-page.ts';

render(<Panel secret={secretOfFrame()} />, openPage(say('point_title')));
