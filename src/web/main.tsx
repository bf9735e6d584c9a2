import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles/app.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLanguages } from './i18n/i18n.ts';
import { resumeSession } from './session/session.ts';

await Promise.all([startLanguages(), resumeSession()]);
createRoot(document.getElementById('root')!).render(<App />);
