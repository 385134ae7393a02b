import type { ComponentChildren } from 'preact';

interface FieldProps {
  readonly label: string;
  readonly note?: string | undefined;
  /** The input element. */
  readonly children: ComponentChildren;
}

export const Field = ({ label, note, children }: FieldProps) => (
  <label class="field">
    <span>
      {label} {note && <small>{note}</small>}
    </span>
    {children}
  </label>
);
