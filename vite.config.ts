import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console with Self Care, the page of the cloud's operator and that of an Expressway: built into dist/web, from where each role serves its own. */
export default defineConfig({
  root: 'src/web',
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Small pictures stay files: data: addresses would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { console: 'src/web/index.html', cloud: 'src/web/cloud/index.html', edge: 'src/web/edge/index.html' },
    },
  },
});
