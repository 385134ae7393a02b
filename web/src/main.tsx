import { render } from 'preact';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/welcome.css';
import './styles/layout.css';
import './styles/sidebar.css';
import './styles/lobby.css';
import './styles/conversation.css';
import './styles/messages.css';
import './styles/composer.css';
import './styles/members.css';
import './styles/desk.css';
import './styles/overlays.css';
import './styles/search.css';
import { App } from './views/shell/app.tsx';

render(<App />, document.getElementById('root')!);
