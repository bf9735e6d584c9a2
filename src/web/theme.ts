import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e9f7f6',
  '#d3eceb',
  '#a4d8d6',
  '#72c3c0',
  '#4bb1ad',
  '#33a6a1',
  '#1d938e',
  '#0f7c78',
  '#0b6765',
  '#065150',
];

export const theme = createTheme({
  primaryColor: 'firstring',
  colors: { firstring: teal },
  primaryShade: { light: 7, dark: 7 },
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  components: {
    // The head of a dialog is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
  },
});

/** Mantine's greys for secondary text and placeholders fall short of 4.5:1; these do not. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566069',
    '--mantine-color-placeholder': '#697078',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#0b6765',
    '--fr-canvas': '#f5f7f8',
    '--fr-surface': '#ffffff',
    '--fr-line': '#dfe4e7',
    '--fr-good': '#0c7a43',
    '--fr-warn': '#8a5300',
    '--fr-bad': '#b42318',
    '--fr-busy': '#1f5fae',
    '--fr-good-soft': '#e2f5ea',
    '--fr-warn-soft': '#fdf1db',
    '--fr-bad-soft': '#fdeae8',
    '--fr-busy-soft': '#e6f0fb',
    '--fr-quiet-soft': '#eceff1',
  },
  dark: {
    '--mantine-color-body': '#14191c',
    '--mantine-color-text': '#dfe5e8',
    '--mantine-color-dimmed': '#a3afb6',
    '--mantine-color-placeholder': '#909ca3',
    '--mantine-color-error': '#ff9e94',
    '--mantine-color-anchor': '#6fd0ca',
    '--fr-canvas': '#0f1315',
    '--fr-surface': '#171d20',
    '--fr-line': '#2b3439',
    '--fr-good': '#6fd69b',
    '--fr-warn': '#f0bd6a',
    '--fr-bad': '#ff9e94',
    '--fr-busy': '#8fc0fb',
    '--fr-good-soft': '#12301f',
    '--fr-warn-soft': '#33270f',
    '--fr-bad-soft': '#3a1a17',
    '--fr-busy-soft': '#14273f',
    '--fr-quiet-soft': '#232b30',
  },
});
