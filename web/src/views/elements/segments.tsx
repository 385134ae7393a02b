import { useId } from 'preact/hooks';

interface SegmentsProps<Value> {
  /** What is chosen, for those who do not see it. */
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, which stand beside each other. */
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
