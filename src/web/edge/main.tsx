import '@mantine/core/styles.css';
import '../styles/base.css';
import '../styles/page.css';
import './edge.css';
import { createRoot } from 'react-dom/client';
import { sendNoKeys } from '../api/intended.ts';
import { EdgeApp } from './app.tsx';

sendNoKeys();
createRoot(document.getElementById('root')!).render(<EdgeApp />);
