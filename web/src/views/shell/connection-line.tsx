import { line } from '../../state/line.ts';

/** Takes no room while all is fine. */
export function ConnectionLine() {
  const now = line.value;
  const text =
    now.is === 'away'
      ? 'Reconnecting… What you send is kept and goes out when the connection is back.'
      : now.is === 'back'
        ? `Back online. ${now.caughtUp > 0 ? `Caught up on ${now.caughtUp} ${now.caughtUp === 1 ? 'event' : 'events'}.` : 'Nothing was missed.'}`
        : '';
  return (
    <div class="line" data-is={now.is} role="status" aria-live="polite">
      {text && <span>{text}</span>}
    </div>
  );
}
