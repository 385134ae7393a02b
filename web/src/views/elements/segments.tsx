import { useId } from 'preact/hooks';

interface SegmentsProps<Value> {
  /** What is chosen, for screen readers. */
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** A row of options of which one is chosen. */
export function Segments<Value>({ legend, options, chosen, onChoose }: SegmentsProps<Value>) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="unseen">{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={label}>
          <input
            type="radio"
            name={name}
            class="unseen"
            checked={chosen === value}
            onChange={() => onChoose(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
