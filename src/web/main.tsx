import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/page.css';
import './styles/states.css';
import './styles/lists.css';
import './styles/forms.css';
import './styles/code.css';
import './styles/timeline.css';
import './styles/sign-in.css';
import './styles/print.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLanguages } from './i18n/i18n.ts';
import { resumeSession } from './session/session.ts';

await Promise.all([startLanguages(), resumeSession()]);
createRoot(document.getElementById('root')!).render(<App />);
