import { render } from 'preact';
render(<p>options</p>, document.querySelector('main') ?? document.body);
