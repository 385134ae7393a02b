import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';

interface ConversationHeadProps {
  readonly title: ComponentChildren;
  readonly below: string;
  readonly children?: ComponentChildren;
}

export const ConversationHead = ({ title, below, children }: ConversationHeadProps) => (
  <header class="head">
    <a class="plain back" href="#/" aria-label="Back to the lobby">
      <Icon name="back" />
    </a>
    <div class="head-title">
      <h1>{title}</h1>
      {below && <p title={below}>{below}</p>}
    </div>
    {children}
  </header>
);
