import { theme, type Theme } from '../../state/theme.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu } from '../elements/menu.tsx';

const names: Readonly<Record<Theme, string>> = {
  system: 'System',
  light: 'Light',
  dark: 'Dark',
};
const icons = { system: 'system', light: 'sun', dark: 'moon' } as const;

export const ThemeMenu = () => (
  <Menu
    label="Appearance"
    items={(Object.keys(names) as Theme[]).map((name) => ({
      label: names[name],
      isChosen: theme.value === name,
      act: () => (theme.value = name),
    }))}
  >
    <Icon name={icons[theme.value]} />
  </Menu>
);
