import '@mantine/core/styles.css';
import '../styles/base.css';
import '../styles/page.css';
import './cloud.css';
import { createRoot } from 'react-dom/client';
import { CloudApp } from './app.tsx';

createRoot(document.getElementById('root')!).render(<CloudApp />);
