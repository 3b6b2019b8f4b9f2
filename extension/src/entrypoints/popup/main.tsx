import { render } from 'preact';
render(<p>popup</p>, document.querySelector('main') ?? document.body);
