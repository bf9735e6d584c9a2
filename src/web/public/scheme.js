// Before anything is drawn: the colour scheme and language of last time, so that a dark page never flashes white.
(() => {
  const root = document.documentElement;
  let scheme = 'auto';
  let language = null;
  try {
    scheme = localStorage.getItem('mantine-color-scheme-value') ?? 'auto';
    language = localStorage.getItem('firstring-language');
  } catch {}
  const dark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  if (language !== null) root.lang = language;
})();
