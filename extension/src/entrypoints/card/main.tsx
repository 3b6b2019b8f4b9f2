import { render } from 'preact';
render(<p>card</p>, document.querySelector('main') ?? document.body);
