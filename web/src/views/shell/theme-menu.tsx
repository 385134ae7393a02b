import { theme, type Theme } from '../../state/theme.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu } from '../elements/menu.tsx';
import { t } from '../../texts/texts.ts';

const names: Readonly<Record<Theme, string>> = {
  system: t('System'),
  light: t('Light'),
  dark: t('Dark'),
};
const icons = { system: 'system', light: 'sun', dark: 'moon' } as const;

export const ThemeMenu = () => (
  <Menu
    label={t('Appearance')}
    items={(Object.keys(names) as Theme[]).map((name) => ({
      label: names[name],
      isChosen: theme.value === name,
      act: () => (theme.value = name),
    }))}
  >
    <Icon name={icons[theme.value]} />
  </Menu>
);
