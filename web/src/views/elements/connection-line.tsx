import { line, type Line } from '../../state/line.ts';
import { t } from '../../texts/texts.ts';

/** Reports an interruption of the connection. It stands where nothing else is. */
export function ConnectionLine() {
  const text = textOf(line.value);
  return (
    <div class="line" data-is={line.value.is} role="status" aria-live="polite">
      {text && <span>{text}</span>}
    </div>
  );
}

function textOf(state: Line): string {
  if (state.is === 'fine') return '';
  if (state.is === 'away')
    return t('Reconnecting… Your messages will be sent when you are back online.');
  if (state.caughtUp === 0) return t('Back online. You missed nothing.');
  return t('Back online. Caught up on {count} events.', { count: state.caughtUp });
}
