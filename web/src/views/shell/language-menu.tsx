import { chooseLanguage, language, languages, nameOfLanguage, t } from '../../texts/texts.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu } from '../elements/menu.tsx';

export const LanguageMenu = () => (
  <Menu
    label={t('Language')}
    items={languages.map((code) => ({
      label: nameOfLanguage(code),
      isChosen: code === language,
      act: () => chooseLanguage(code),
    }))}
  >
    <Icon name="globe" />
  </Menu>
);
