import { t } from '../../texts/texts.ts';

/** Loads the next page of a list that begins with the newest. */
export const ShowOlder = ({ onShow }: { readonly onShow: () => unknown }) => (
  <button type="button" class="button" onClick={() => void onShow()}>
    {t('Show older')}
  </button>
);
