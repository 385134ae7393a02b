import { dismiss, toasts } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { t } from '../../texts/texts.ts';

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, isFault }) => (
      <div key={id} class={`toast ${isFault ? 'is-fault' : ''}`}>
        <span>{text}</span>
        <button type="button" class="plain" aria-label={t('Dismiss')} onClick={() => dismiss(id)}>
          <Icon name="close" />
        </button>
      </div>
    ))}
  </div>
);
