import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

export interface MenuItem {
  readonly label: string;
  readonly act: () => void;
  readonly isGrave?: boolean;
  readonly isChosen?: boolean;
}

interface MenuProps {
  readonly label: string;
  readonly className?: string;
  readonly tabIndex?: number;
  readonly items: readonly MenuItem[];
  /** Shows the items in a row instead of a column. */
  readonly isRow?: boolean;
  readonly children: ComponentChildren;
}

const margin = 8;

/** A button with a menu. Arrow keys move in it, Escape closes it. */
export function Menu({ label, className = 'plain', tabIndex, items, isRow, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  function position(): void {
    const from = button.current!.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = list.current!;
    const below = from.bottom + 4 + height <= innerHeight - margin;
    const left = Math.min(from.right - width, innerWidth - width - margin);
    const top = below ? from.bottom + 4 : from.top - height - 4;
    list.current!.style.left = `${Math.max(margin, left)}px`;
    list.current!.style.top = `${Math.max(margin, top)}px`;
  }

  function toggled(event: { readonly newState: string }): void {
    setOpen(event.newState === 'open');
    if (event.newState !== 'open') return;
    requestAnimationFrame(() => {
      position();
      list.current?.querySelector('button')?.focus();
    });
  }

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...list.current!.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        tabIndex={tabIndex}
        popovertarget={id}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        class={isRow ? 'menu is-row' : 'menu'}
        onToggle={toggled}
        onKeyDown={move}
      >
        {isOpen &&
          items.map(({ label: text, act, isGrave, isChosen }) => (
            <button
              key={text}
              type="button"
              role={isChosen === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={isChosen}
              class={isGrave ? 'is-grave' : ''}
              onClick={() => {
                list.current?.hidePopover();
                button.current?.focus();
                act();
              }}
            >
              {text}
            </button>
          ))}
      </div>
    </>
  );
}
