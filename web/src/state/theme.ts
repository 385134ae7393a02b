import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const key = 'causerie.theme';
const stored = localStorage.getItem(key);

export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

theme.subscribe((chosen) => {
  document.documentElement.dataset.theme = chosen;
  if (chosen === 'system') localStorage.removeItem(key);
  else localStorage.setItem(key, chosen);
});
